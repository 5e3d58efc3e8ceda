import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalBlobs } from '../../src/azure/journalBlobs.ts';
import type { TokenSource } from '../../src/azure/tokens.ts';
import { consoleLog } from '../../src/cli/log.ts';
import { createOutput } from '../../src/cli/output/output.ts';
import { summaryLines } from '../../src/cli/output/describe.ts';
import { toFailure } from '../../src/failure/failure.ts';
import type { PlanInput } from '../../src/engine/plan.ts';
import type { MigrationHandle } from '../../src/services/contract.ts';
import { clientSecretTokens, createServices } from '../../src/services/services.ts';
import { failureDetails } from '../../src/ui/documents/failureDetails.ts';
import { journalText } from '../../src/ui/documents/journalText.ts';
import { migrationSummaryMarkdown } from '../../src/ui/documents/migrationSummary.ts';
import { supportText } from '../../src/ui/documents/supportText.ts';
import { demoSource, demoTarget } from '../demo/world.ts';
import { cloudOf } from '../sandbox/cloudSettings.ts';
import type { RunningSandbox } from '../sandbox/contract.ts';
import { openFastWorld } from '../scenarios/migration/world.ts';

/** Every kind of thing that may leave a service but never this program: at least thirty. */
const people = Array.from({ length: 8 }, (_, index) => ({
  id: `canary-id-${index}`,
  name: `Canaryname${index}`,
  mrn: `MRN-CANARY-${index}00${index}`,
  note: `canary note ${index}: allergic to feathers`,
}));
const signature = 'CanarySignature%2Fabc%3D';
const bearer = 'eyJjYW5hcnkiOjF9.eyJjYW5hcnkiOjJ9.canarysignature';

const ndjson = people
  .flatMap(({ id, name, mrn, note }, index) => [
    {
      resourceType: 'Patient',
      id,
      meta: { versionId: '1', lastUpdated: `2025-0${(index % 6) + 1}-11T10:00:00.000Z` },
      identifier: [{ system: 'urn:mrn', value: mrn }],
      name: [{ family: name, given: [`Given${name}`] }],
    },
    {
      resourceType: 'Observation',
      id: `${id}-obs`,
      meta: { versionId: '1', lastUpdated: `2025-0${(index % 6) + 1}-12T10:00:00.000Z` },
      status: 'final',
      code: { text: note },
      subject: { reference: `Patient/${id}` },
      note: [{ text: note }],
    },
  ])
  .map((resource) => JSON.stringify(resource))
  .join('\n');

const outcome = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'exception',
      diagnostics: `Patient/canary-id-3 refused; https://contosostaging.blob.core.windows.net/x?sv=2024&sig=${signature} Authorization: Bearer ${bearer}`,
    },
  ],
});

const environment = {
  extensionVersion: '1',
  editorVersion: '1',
  platform: 'linux',
  remote: 'local',
  cloud: 'custom',
  signIn: 'clientSecret',
};

/** Everything that a person can copy, save or send of a migration. */
async function shownOf(handle: MigrationHandle): Promise<readonly string[]> {
  const overview = handle.overview();
  const failures = [
    ...overview.attention.map(({ failure }) => failure),
    ...overview.windows.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  ];
  return [
    supportText(overview, 0, environment),
    migrationSummaryMarkdown(overview, 0),
    journalText(await handle.journal()),
    JSON.stringify(overview),
    summaryLines(overview).join('\n'),
    ...failures.map((failure) => failureDetails(failure, 0, environment)),
  ];
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) texts.push(name, await readFile(path, 'utf8'));
  }
  return texts;
}

/** Hands out the tokens of another source, and remembers them. */
function remembering(source: TokenSource, tokens: Set<string>): TokenSource {
  return {
    getToken: async (request, signal) => {
      const token = await source.getToken(request, signal);
      tokens.add(token.token);
      return token;
    },
  };
}

function troubled(sandbox: RunningSandbox): void {
  const refused = `Resource id: canary-id-5 of ${people[5]?.name ?? ''} (${people[5]?.mrn ?? ''}): ${people[5]?.note ?? ''}`;
  sandbox.addJobFault({
    service: demoTarget,
    operation: 'import',
    count: 3,
    effect: { kind: 'refuseLines', every: 3, text: refused },
  });
  sandbox.addJobFault({
    service: demoSource,
    operation: 'export',
    count: 1,
    effect: {
      kind: 'fail',
      status: 500,
      reason: `Patient/canary-id-1 at https://a.blob.core.windows.net/x?sig=${signature}`,
    },
  });
  for (const [service, path] of [
    [demoSource, '_operations'],
    [demoTarget, '_operations'],
    [demoSource, '_summary=count'],
    [demoTarget, '/\\$import'],
  ] as const) {
    sandbox.addFault({ service, path, count: 1, skip: 1, effect: { kind: 'status', status: 500, body: outcome } });
  }
}

describe('what must never leave a service', function () {
  this.timeout(120_000);

  for (const journal of ['file', 'staging'] as const) {
    it(`is in no log, journal, summary, clipboard text or error (journal: ${journal})`, async () => {
      const scratch = await mkdtemp(join(tmpdir(), 'canaries-'));
      const file = join(scratch, 'canaries.ndjson');
      await writeFile(file, ndjson);
      await using world = await openFastWorld({ data: [{ kind: 'ndjson', files: [file] }] });
      await rm(scratch, { recursive: true });
      troubled(world.sandbox);
      const { sandbox } = world;
      const tokens = new Set<string>();
      const seen: string[] = [];
      const cloud = cloudOf(sandbox);
      const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
      const services = createServices({
        cloud,
        tokens: remembering(clientSecretTokens(cloud, principal), tokens),
        journalFolder: world.journals,
        log: consoleLog(true, (text) => seen.push(text)),
        userAgent: 'canaries',
        clock: world.clock,
      });
      try {
        const change: Partial<PlanInput> = { journal, options: { attempts: 3 }, scope: { history: true } };
        const handle = await services.startMigration(world.plan(change));
        for (let retry = 0; retry < 4; retry += 1) {
          const { phase } = await handle.stopped();
          seen.push(...(await shownOf(handle)));
          if (phase !== 'needsAttention') break;
          await handle.control('retry').catch((error: unknown) => seen.push(JSON.stringify(toFailure(error))));
        }
        seen.push(...(await shownOf(handle)));
        const output = createOutput(true, { write: (text) => seen.push(text) }, { write: (text) => seen.push(text) });
        output.record('summary', handle.overview());
        const blobs = openJournalBlobs({
          ...world.plan().staging,
          cloud,
          tokens: clientSecretTokens(cloud, principal),
          userAgent: 'canaries',
        });
        for (const { name } of await blobs.list('')) {
          seen.push(name, (await blobs.read(name, 0))?.bytes.toString() ?? '');
        }
      } finally {
        await services.dispose();
      }
      seen.push(...(await textsBelow(world.journals)));
      const canaries = [
        ...people.flatMap(({ id, name, mrn, note }) => [id, name, mrn, note]),
        signature,
        bearer,
        sandbox.clientSecret,
        ...tokens,
      ];
      assert.ok(canaries.length >= 30 && tokens.size >= 3, `${canaries.length} canaries, ${tokens.size} tokens`);
      const all = seen.join('\n');
      assert.ok(all.length > 20_000, 'There is something to look through.');
      for (const canary of canaries) {
        const at = all.indexOf(canary);
        assert.ok(at < 0, `…${all.slice(Math.max(0, at - 200), at + 60)}…`);
      }
    });
  }
});
