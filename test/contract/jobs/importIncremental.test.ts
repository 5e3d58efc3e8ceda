import assert from 'node:assert/strict';
import { Bench, tombstone, version } from './fixture.ts';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { imported, patient } from './importCalls.ts';

/** One row of the rules: what is stored before, the lines of one import, and what is there afterwards. */
interface Row {
  readonly name: string;
  readonly before?: readonly StoredVersion[];
  readonly lines: readonly object[];
  readonly allowNegativeVersions?: boolean;
  /** How many lines end how. Default: all are loaded. */
  readonly duplicates?: number;
  readonly conflicts?: number;
  readonly after: readonly string[];
}

const line = (versionId: string | undefined, year: number | undefined, content: object = {}): object =>
  patient(
    'p',
    {
      ...(versionId === undefined ? {} : { versionId }),
      ...(year === undefined ? {} : { lastUpdated: `${year}-01-01T00:00:00Z` }),
    },
    content,
  );
const dead = (versionId: string | undefined, year: number | undefined): object => {
  const extension = [
    { url: 'http://azurehealthcareapis.com/data-extensions/deleted-state', valueString: 'soft-deleted' },
  ];
  const { meta } = line(versionId, year) as { readonly meta: object };
  return { resourceType: 'Patient', id: 'p', meta: { ...meta, extension } };
};
const now = '2026-05-04T10:00:00.000Z';
const other = { gender: 'other' };

const rows: readonly Row[] = [
  {
    name: 'a new id with version and date keeps both',
    lines: [line('7', 2001)],
    after: ['7: 2001-01-01'],
  },
  {
    name: 'several versions in any order are all kept, the highest is current',
    lines: [line('2', 2002), line('3', 2003), line('1', 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01', '3: 2003-01-01'],
  },
  {
    name: 'gaps between versions are kept',
    lines: [line('9', 2003), line('1', 2001), line('7', 2002)],
    after: ['1: 2001-01-01', '7: 2002-01-01', '9: 2003-01-01'],
  },
  {
    name: 'versions before and after the stored one are loaded around it',
    before: [version('p', 10_000, '2000-01-01')],
    lines: [line('10100', 2001), line('9000', 1999), line('10300', 2003)],
    after: ['9000: 1999-01-01', '10000: 2000-01-01', '10100: 2001-01-01', '10300: 2003-01-01'],
  },
  {
    name: 'a late older version leaves the current one',
    before: [version('p', 2, '2002-01-01')],
    lines: [line('1', 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01'],
  },
  {
    name: 'the same date twice in a batch: the highest version wins, the rest are duplicates',
    before: [version('p', 2, '2002-01-01')],
    lines: [line('1', 2003), line('3', 2003)],
    duplicates: 1,
    after: ['2: 2002-01-01', '3: 2003-01-01'],
  },
  {
    name: 'the highest version is so by number, not by letter',
    lines: [line('9', 2003), line('10', 2003)],
    duplicates: 1,
    after: ['10: 2003-01-01'],
  },
  {
    name: 'several lines without a date: one per id, the rest are duplicates',
    lines: [line(undefined, undefined), line(undefined, undefined, other), line('5', undefined)],
    duplicates: 2,
    after: [`1: ${now}`],
  },
  {
    name: 'the same version, date and content are a success that writes nothing',
    before: [version('p', 1, '2001-01-01'), version('p', 2, '2002-01-01')],
    lines: [line('2', 2002), line('1', 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01'],
  },
  {
    name: 'the same date and content without a version are a success that writes nothing',
    before: [version('p', 1, '2001-01-01'), version('p', 2, '2002-01-01')],
    lines: [line(undefined, 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01'],
  },
  {
    name: 'the same version and date with other content are a conflict',
    before: [version('p', 1, '2001-01-01')],
    lines: [line('1', 2001, other)],
    conflicts: 1,
    after: ['1: 2001-01-01'],
  },
  {
    name: 'the same date and content with another version are a conflict',
    before: [version('p', 1, '2001-01-01')],
    lines: [line('2', 2001)],
    conflicts: 1,
    after: ['1: 2001-01-01'],
  },
  {
    name: 'the same date without a version and with other content is a conflict',
    before: [version('p', 1, '2001-01-01')],
    lines: [line(undefined, 2001, other)],
    conflicts: 1,
    after: ['1: 2001-01-01'],
  },
  {
    name: 'a version that is stored with another date is a conflict',
    before: [version('p', 2, '2002-01-01')],
    lines: [line('2', 2003)],
    conflicts: 1,
    after: ['2: 2002-01-01'],
  },
  {
    name: 'a resource that the target created itself with the same version and another date is a conflict',
    before: [{ ...version('p', 1, '2025-01-01'), method: 'POST' }],
    lines: [line('1', 2001)],
    conflicts: 1,
    after: ['1: 2025-01-01'],
  },
  {
    name: 'the same version with two dates in a batch: the later one wins, the other is a duplicate',
    before: [version('p', 2, '2002-01-01')],
    lines: [line('3', 2001), line('3', 2003)],
    duplicates: 1,
    after: ['2: 2002-01-01', '3: 2003-01-01'],
  },
  {
    name: 'versions that fall as dates rise in a batch: the newest stays, the offender is a conflict',
    lines: [line('3', 2001), line('2', 2004)],
    conflicts: 1,
    after: ['2: 2004-01-01'],
  },
  {
    name: 'a newer date with a lower version than the current one is a conflict',
    before: [version('p', 3, '2001-01-01')],
    lines: [line('2', 2002)],
    conflicts: 1,
    after: ['3: 2001-01-01'],
  },
  {
    name: 'an older date with a higher version than the current one is a conflict',
    before: [version('p', 3, '2001-01-01')],
    lines: [line('4', 2000)],
    conflicts: 1,
    after: ['3: 2001-01-01'],
  },
  {
    name: 'a negative version with the flag is history, even when it is the newest',
    before: [version('p', 4, '2001-01-01')],
    lines: [line('-100', 2002)],
    allowNegativeVersions: true,
    after: ['-100: 2002-01-01', '4: 2001-01-01'],
  },
  {
    name: 'negative versions need not rise with their dates',
    lines: [line('-200', 2002), line('-100', 2000), line('-5', 2003)],
    allowNegativeVersions: true,
    after: ['-200: 2002-01-01', '-100: 2000-01-01', '-5: 2003-01-01'],
  },
  {
    name: 'a negative version without the flag is a conflict',
    lines: [line('-200', 2002)],
    conflicts: 1,
    after: [],
  },
  {
    name: 'version 0 falls through and is reported as a duplicate',
    lines: [line('0', 2001)],
    allowNegativeVersions: true,
    duplicates: 1,
    after: [],
  },
  {
    name: 'dates only, new id: versions 1, 2 … in the order of the dates',
    lines: [line(undefined, 2003), line(undefined, 2001), line(undefined, 2002)],
    after: ['1: 2001-01-01', '2: 2002-01-01', '3: 2003-01-01'],
  },
  {
    name: 'dates only, newer than the current version: its version + 1, + 2 …',
    before: [version('p', 5, '2001-01-01')],
    lines: [line(undefined, 2003), line(undefined, 2002)],
    after: ['5: 2001-01-01', '6: 2002-01-01', '7: 2003-01-01'],
  },
  {
    name: 'a date only, newer, makes a new version even of the same content',
    before: [version('p', 1, '2001-01-01')],
    lines: [line(undefined, 2002)],
    after: ['1: 2001-01-01', '2: 2002-01-01'],
  },
  {
    name: 'dates only, older, with room: below the next stored version',
    before: [version('p', 1, '2001-01-01'), version('p', 10, '2004-01-01')],
    lines: [line(undefined, 2002), line(undefined, 2003)],
    after: ['1: 2001-01-01', '8: 2002-01-01', '9: 2003-01-01', '10: 2004-01-01'],
  },
  {
    name: 'a date only between two lines of the same batch takes the free version between them',
    lines: [line('1', 2001), line(undefined, 2002), line('3', 2003)],
    after: ['1: 2001-01-01', '2: 2002-01-01', '3: 2003-01-01'],
  },
  {
    name: 'dates only, older, without room, with the flag: negative versions',
    lines: [line('1', 2001), line(undefined, 2002), line(undefined, 2003), line('2', 2004)],
    allowNegativeVersions: true,
    after: ['-2: 2002-01-01', '-1: 2003-01-01', '1: 2001-01-01', '2: 2004-01-01'],
  },
  {
    name: 'dates only, older, without room, after earlier negative ones: below the lowest',
    before: [version('p', 1, '2001-01-01'), version('p', -3, '2002-06-01'), version('p', 2, '2004-01-01')],
    lines: [line(undefined, 2003)],
    allowNegativeVersions: true,
    after: ['-4: 2003-01-01', '-3: 2002-06-01', '1: 2001-01-01', '2: 2004-01-01'],
  },
  {
    name: 'a date only, older, without room, without the flag is a conflict',
    lines: [line('1', 2001), line(undefined, 2002), line('2', 2003)],
    conflicts: 1,
    after: ['1: 2001-01-01', '2: 2003-01-01'],
  },
  {
    name: 'a date only, older than version 1, without the flag is a conflict',
    before: [version('p', 1, '2001-01-01')],
    lines: [line(undefined, 2000)],
    conflicts: 1,
    after: ['1: 2001-01-01'],
  },
  {
    name: 'neither, new id: version 1, now',
    lines: [line(undefined, undefined)],
    after: [`1: ${now}`],
  },
  {
    name: 'neither, the same content as current: a success that writes nothing',
    before: [version('p', 3, '2001-01-01')],
    lines: [line(undefined, undefined)],
    after: ['3: 2001-01-01'],
  },
  {
    name: 'neither, other content: current + 1, now',
    before: [version('p', 3, '2001-01-01')],
    lines: [line(undefined, undefined, other)],
    after: ['3: 2001-01-01', `4: ${now}`],
  },
  {
    name: 'a version without a date counts as neither',
    before: [version('p', 3, '2001-01-01')],
    lines: [line('9', undefined, other)],
    after: ['3: 2001-01-01', `4: ${now}`],
  },
  {
    name: 'a date only and neither, the same content: the dated one is loaded first and answers for both',
    lines: [line(undefined, undefined), line(undefined, 2001)],
    after: ['1: 2001-01-01'],
  },
  {
    name: 'a version that is no integer is replaced by an assigned one',
    lines: [line('W/"4"', 2001)],
    after: ['1: 2001-01-01'],
  },
  {
    name: 'the date is cut to milliseconds, not rounded',
    lines: [patient('p', { lastUpdated: '2001-01-01T00:00:00.1239999Z' })],
    after: ['1: 2001-01-01T00:00:00.123Z'],
  },
  {
    name: 'the same instant with another offset and finer digits is the same date',
    before: [version('p', 1, '2001-01-01T00:00:00.123Z')],
    lines: [patient('p', { versionId: '1', lastUpdated: '2001-01-01T10:00:00.1234567+10:00' })],
    after: ['1: 2001-01-01T00:00:00.123Z'],
  },
  {
    name: 'a date up to 10 s in the future is loaded',
    lines: [patient('p', { lastUpdated: '2026-05-04T10:00:10Z' })],
    after: ['1: 2026-05-04T10:00:10.000Z'],
  },
  {
    name: 'a tombstone is stored even if the id never existed',
    lines: [dead('3', 2001)],
    after: ['3: 2001-01-01 †'],
  },
  {
    name: 'a tombstone as the highest version leaves the resource deleted',
    lines: [dead(undefined, 2002), line(undefined, 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01 †'],
  },
  {
    name: 'an older tombstone leaves the current version alive',
    before: [version('p', 3, '2003-01-01')],
    lines: [dead('2', 2002), line('1', 2001)],
    after: ['1: 2001-01-01', '2: 2002-01-01 †', '3: 2003-01-01'],
  },
  {
    name: 'the same tombstone again is a success that writes nothing',
    before: [tombstone('p', 2, '2002-01-01')],
    lines: [dead('2', 2002)],
    after: ['2: 2002-01-01 †'],
  },
  {
    name: 'a tombstone where a live version has the same version and date is a conflict',
    before: [version('p', 2, '2002-01-01')],
    lines: [dead('2', 2002)],
    conflicts: 1,
    after: ['2: 2002-01-01'],
  },
];

describe('$import, incremental load: what happens to a line', () => {
  for (const row of rows) {
    it(row.name, async () => {
      const bench = await Bench.open();
      bench.put(...(row.before ?? []));
      const settings = row.allowNegativeVersions === true ? { allowNegativeVersions: true } : {};
      const { loaded, refused, errors } = await imported(bench, row.lines, settings);
      const count = (part: string): number => errors.filter((text) => text.includes(part)).length;
      assert.deepEqual(
        {
          duplicates: count('duplicate resource'),
          conflicts: count('version conflict'),
          after: bench.stored('Patient', 'p'),
        },
        { duplicates: row.duplicates ?? 0, conflicts: row.conflicts ?? 0, after: row.after },
      );
      assert.equal(refused, errors.length);
      assert.equal(loaded + refused, row.lines.length);
    });
  }

  it('looks at one batch and the database: the same duplicate in another batch is a conflict', async () => {
    const bench = await Bench.open();
    const filler = Array.from({ length: 999 }, (_, index) => patient(`f${index}`));
    const { errors } = await imported(bench, [line('3', 2003), ...filler, line('2', 2003)]);
    assert.deepEqual(errors, ['Failed to import resource with version conflict, resource id: p, line: 1001']);
  });

  it('run twice gives the same counts and changes nothing', async () => {
    const bench = await Bench.open();
    const lines = [
      line('1', 2001),
      line('3', 2003),
      dead('4', 2004),
      patient('q', { lastUpdated: '2001-01-01T00:00:00Z' }),
    ];
    const first = await imported(bench, lines);
    const before = [...bench.service.store.everyVersion('Patient')];
    assert.deepEqual(await imported(bench, lines), first);
    assert.deepEqual([...bench.service.store.everyVersion('Patient')], before);
  });

  it('compares as text: the same number with another last digit is other content', async () => {
    const bench = await Bench.open();
    const text = (value: string): string =>
      `{"resourceType":"Observation","id":"o","meta":{"versionId":"1","lastUpdated":"2001-01-01T00:00:00Z"},"valueQuantity":{"value":${value}}}`;
    assert.equal((await imported(bench, [text('1.10')])).loaded, 1);
    assert.equal((await imported(bench, [text('1.10'), ' '.repeat(3) + text('1.10')])).refused, 1);
    assert.equal((await imported(bench, [text('1.1')])).refused, 1);
  });

  it('shows live versions as PUT and tombstones as DELETE in the history', async () => {
    const bench = await Bench.open();
    await imported(bench, [line('1', 2001), dead('2', 2002)]);
    assert.deepEqual(
      bench.service.store.versions('Patient', 'p').map(({ method }) => method),
      ['PUT', 'DELETE'],
    );
  });

  it('removes the extension of a tombstone and keeps every other one', async () => {
    const bench = await Bench.open();
    const other = { url: 'http://example.org/x', valueString: 'y' };
    const { meta } = dead('2', 2001) as { readonly meta: { readonly extension: readonly object[] } };
    const marked = { ...meta, extension: [other, ...meta.extension] };
    await imported(bench, [{ resourceType: 'Patient', id: 'p', meta: marked }]);
    const current = bench.service.store.current('Patient', 'p');
    assert.equal(current?.deleted, true);
    assert.deepEqual(JSON.parse(current.json), { resourceType: 'Patient', id: 'p', meta: { extension: [other] } });
  });

  it('stores references and conditional references as they are', async () => {
    const bench = await Bench.open();
    const content = { managingOrganization: { reference: 'Organization?identifier=1' } };
    assert.equal((await imported(bench, [patient('p', {}, content)])).loaded, 1);
    assert.match(bench.service.store.current('Patient', 'p')?.json ?? '', /Organization\?identifier=1/);
  });
});
