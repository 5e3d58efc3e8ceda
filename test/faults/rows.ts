/** Where a row of the catalogue of faults is proven: the file below `test/`, and the title of the test in it. */
export interface Proof {
  readonly row: number;
  readonly fault: string;
  readonly file: string;
  readonly title: string;
}

const simulation = 'unit/engine/simulation';

/** Each row of process, disk, time, server behaviour, storage and network that this product is held to. */
export const proofs: readonly Proof[] = [
  ['1', 'SIGKILL at every step', 'faults/kills.test.ts', 'leaves nothing lost or doubled, wherever it dies'],
  ['1', 'SIGKILL, for real', 'faults/sigkill.test.ts', 'is followed by one that goes on, sixty times'],
  [
    '2',
    'torn last journal record',
    'unit/engine/journal/damage.test.ts',
    'torn at any byte of its last three records opens, loses at most one, and is written on',
  ],
  [
    '3',
    'journal bit flip in the middle',
    'unit/engine/journal/damage.test.ts',
    'with any single bit flipped can be looked at up to there, and not be driven',
  ],
  [
    '4',
    'disk full on append',
    `${simulation}/controls.test.ts`,
    'that meets a full disk stops before it asks for anything, and goes on when there is space',
  ],
  ['5', 'journal of an older version', 'unit/engine/fixtures.test.ts', 'are read as they always were'],
  ['6', 'two machines open the same plan', 'faults/drivers.test.ts', 'is one of two processes, in each of 200 races'],
  [
    '7',
    'lease owner frozen, then thawed',
    'faults/drivers.test.ts',
    'is refused when it thaws after another has taken over, 100 times of 100',
  ],
  [
    '7',
    'SIGSTOP and SIGCONT',
    'faults/drivers.test.ts',
    'is refused when its process was stopped and goes on after another has taken over',
  ],
  [
    '8',
    'laptop asleep 12 h',
    'faults/sleep.test.ts',
    'looks at every job again within a minute of waking, and starts none again',
  ],
  ['9', 'clock skew', 'faults/services.test.ts', 'hours leave no gap and no overlap beyond the one that is asked for'],
  [
    '10',
    'window reload mid-run',
    `${simulation}/controls.test.ts`,
    'that is detached leaves its jobs to the next one, which starts none of them again',
  ],
  ['11', 'little memory, 100,000 files', 'faults/services.test.ts', 'is migrated with 256 MB of memory'],
  ['12', 'duplicate start', 'faults/starts.test.ts', 'runs once, in one of the windows that were asked'],
  [
    '13',
    'state folder deleted mid-run',
    'faults/services.test.ts',
    'stops its driver before it starts anything further, and says what to do',
  ],
  ['14', '429 storm', 'faults/services.test.ts', 'of 500 replies with every kind of wait loses no job'],
  [
    '14',
    'waits honour the header',
    'unit/engine/polling.test.ts',
    'waits as long as the server asks, at most five minutes and 10 % more',
  ],
  [
    '14',
    'Retry-After in every form',
    'unit/http/retryAfter.test.ts',
    'never gives anything but a bounded wait, whatever a server sends',
  ],
  ['15', '503 for two hours', `${simulation}/faults.test.ts`, 'for two hours cost no job, and hardly more time'],
  ['16', '401 mid-poll', 'unit/http/connection.test.ts', 'asks once for another token and goes on'],
  [
    '17',
    '403 after a role was removed',
    `${simulation}/faults.test.ts`,
    'halt the migration, which goes on when it is resumed',
  ],
  [
    '18',
    'accepted, reply lost (export)',
    `${simulation}/faults.test.ts`,
    'whose answer was lost is found again by its folder',
  ],
  [
    '19',
    'accepted, reply lost (import)',
    `${simulation}/faults.test.ts`,
    'whose answer was lost is asked for again and is the same job',
  ],
  [
    '20',
    'import failed, retry returns the old failure',
    `${simulation}/faults.test.ts`,
    'that failed is done again with another definition',
  ],
  ['21', 'server forgets the job', `${simulation}/faults.test.ts`, 'that fails or is forgotten is done again'],
  [
    '22',
    '202 for ever',
    `${simulation}/controls.test.ts`,
    'to retry cancels an operation that never ends, and does its work again',
  ],
  ['23', 'early 200', 'faults/services.test.ts', 'is found out by a count, and nothing is missing in the end'],
  ['24', 'manifest error entries', `${simulation}/faults.test.ts`, 'that reports errors keeps its window open'],
  [
    '25',
    'partial import errors',
    'scenarios/migration/failedLines.test.ts',
    'are imported again alone where that helps',
  ],
  ['26', 'error file is something else', 'unit/azure/refusedLines.test.ts', 'that is something else is unknown'],
  [
    '26',
    'error file is missing',
    'unit/azure/refusedLines.test.ts',
    'are unknown when files are gone, and the log says so without names',
  ],
  ['27', 'export misses rows', `${simulation}/faults.test.ts`, 'that silently misses a file is found out by a count'],
  ['27', 'export misses rows twice', `${simulation}/faults.test.ts`, 'that misses a file twice is healed'],
  ['28', 'export duplicates', 'scenarios/migration/faults.test.ts', 'a file is in a manifest twice'],
  [
    '29',
    'late commits',
    `${simulation}/lateCommits.test.ts`,
    'ten thousand commits that arrive up to five minutes late',
  ],
  [
    '30',
    'bursts, inverted versions',
    `${simulation}/faults.test.ts`,
    'takes equal and inverted version dates for what they are',
  ],
  [
    '30',
    'bursts of one millisecond',
    `${simulation}/sizing.test.ts`,
    'are explained in an instant, and the rest goes on',
  ],
  [
    '31',
    'ids that differ by case',
    'unit/assess/sample.test.ts',
    'counts one millisecond, sizes, conditional references and ids that differ in case',
  ],
  ['32', 'count fails', `${simulation}/faults.test.ts`, 'to a single count are not taken for empty'],
  [
    '33',
    'paging loses rows',
    'scenarios/verify/faults.test.ts',
    'tells lost rows of one service from real differences',
  ],
  [
    '34',
    'import cap exceeded',
    `${simulation}/faults.test.ts`,
    'that is throttled lowers the number at once, and raises it again',
  ],
  ['35', '423 Locked', 'scenarios/migration/faults.test.ts', 'the target is locked for initial import'],
  ['36', 'Content-Location elsewhere', 'unit/fhir/operations.test.ts', 'sends nothing to another host'],
  [
    '37',
    '413 and out of memory',
    `${simulation}/sizing.test.ts`,
    'become smaller after an export that is too large, for the windows after it too, and grow again',
  ],
  [
    '38',
    'some search parameters fail',
    'unit/fhir/searchParameters.test.ts',
    'are reported each: one that is refused does not stop the others',
  ],
  [
    '39',
    'counters go backwards',
    `${simulation}/overview.test.ts`,
    'goes forward, adds up and never passes what is known',
  ],
  [
    '41',
    'staged files deleted',
    `${simulation}/faults.test.ts`,
    'whose staged files are gone or changed costs a new export of that window only',
  ],
  [
    '42',
    'one file changed',
    `${simulation}/faults.test.ts`,
    'whose staged files are gone or changed costs a new export of that window only',
  ],
  [
    '43',
    'lease held at clean-up',
    'scenarios/finish/cleanup.test.ts',
    'leaves what somebody holds a lease on, says so, and takes it the next time',
  ],
  ['44', 'listing in circles', 'unit/azure/staging.test.ts', 'does not list in circles'],
  ['44', 'listing throttled', 'unit/azure/staging.test.ts', 'tries again when the account is busy'],
  [
    '47',
    'lost, dropped and truncated answers',
    'scenarios/clients/migrate.test.ts',
    'go on after a lost reply, a dropped connection, a truncated body and an expired token',
  ],
  [
    '47',
    'proxy with TLS inspection',
    'scenarios/clients/proxy.test.ts',
    'sign-in, ARM, FHIR and storage go through it, and the own certificate authority still counts',
  ],
  ['47', 'endless and slow bodies', 'unit/http/connection.test.ts', 'of time for the body'],
  [
    '48',
    'download cut at any byte',
    'faults/downloads.test.ts',
    'is whole after it was tried again, a thousand times of a thousand',
  ],
  ['49', 'event loop stalls', 'faults/sleep.test.ts', 'at any time keeps driving, and does nothing twice'],
].map(([row, fault = '', file = '', title = '']) => ({ row: Number(row), fault, file, title }));
