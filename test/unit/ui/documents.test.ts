import assert from 'node:assert/strict';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Prediction, Variant } from '../../../src/engine/prediction/prediction.ts';
import type { PreflightCheck, PreflightReport } from '../../../src/services/contract.ts';
import {
  DocumentStore,
  journalPath,
  parseMigrationPath,
  summaryPath,
} from '../../../src/ui/documents/documentStore.ts';
import { failureDetails, type Environment } from '../../../src/ui/documents/failureDetails.ts';
import { journalText } from '../../../src/ui/documents/journalText.ts';
import { markdownTable } from '../../../src/ui/documents/markdownTable.ts';
import { sumTotals } from '../../../src/engine/totals.ts';
import { migrationSummaryMarkdown } from '../../../src/ui/documents/migrationSummary.ts';
import { planReviewLine, planReviewMarkdown, type PlanReview } from '../../../src/ui/documents/planSummaryDocument.ts';
import { preflightMarkdown } from '../../../src/ui/documents/preflightReport.ts';
import { supportText } from '../../../src/ui/documents/supportText.ts';
import { failure, overview, plan, totals, windowOf } from './samples.ts';

const environment: Environment = {
  extensionVersion: '0.1.0',
  editorVersion: '1.105.0',
  platform: 'linux x64',
  remote: 'local',
  cloud: 'public',
  signIn: 'vscode',
};
const check = (change: Partial<PreflightCheck> = {}): PreflightCheck => ({
  id: 'source.metadata',
  title: 'The source answers',
  outcome: 'pass',
  found: 'It speaks FHIR 4.0.1.',
  evidence: 'GET /metadata → 200',
  nextStep: undefined,
  ...change,
});
const report = (checks: readonly PreflightCheck[], change: Partial<PreflightReport> = {}): PreflightReport => ({
  checks,
  ok: checks.every(({ outcome }) => outcome !== 'failure'),
  finishedAt: 1_000,
  source: { deprecated: false, countsAnswer: true },
  clockSkewMs: 0,
  ...change,
});

describe('the preflight report', () => {
  const failed = check({ outcome: 'failure', title: 'Import', found: 'Import is off.', nextStep: 'Enable it.' });

  it('says for each check outcome and evidence, and for what did not pass the next step', () => {
    const text = preflightMarkdown(plan(), { checks: [], report: report([check(), failed]), failure: undefined });
    assert.match(text, /\*\*Not ready\.\*\*/);
    assert.match(text, /✓ Pass: The source answers\. It speaks FHIR 4\.0\.1\./);
    assert.match(
      text,
      /### ✗ Failure: Import\nImport is off\.\n- Evidence: GET \/metadata → 200\n- Next step: Enable it\./,
    );
  });

  it('says plainly that a source is retired, and what that means', () => {
    const retired = report([check()], { source: { deprecated: true, countsAnswer: false } });
    const text = preflightMarkdown(plan(), { checks: [], report: retired, failure: undefined });
    assert.match(text, /The source is retired: it answers only metadata, export and export status/);
  });

  it('tells how far it is while it runs, and why it broke off', () => {
    assert.match(
      preflightMarkdown(plan(), { checks: [check()], report: undefined, failure: undefined }),
      /1 checks done/,
    );
    const broken = { checks: [], report: undefined, failure: failure({ kind: 'network', message: 'No answer' }) };
    assert.match(preflightMarkdown(plan(), broken), /could not be completed\. contoso: No answer\./);
  });

  it('keeps markup of servers from becoming markup', () => {
    const evil = check({ outcome: 'unknown', found: '<img src=x> [x](https://evil.example)\n# Ready' });
    const text = preflightMarkdown(plan(), { checks: [], report: report([evil]), failure: undefined });
    assert.doesNotMatch(text, /<img|(?<!\\)\[x\]|^# Ready/m);
  });
});

describe('the review of a plan', () => {
  const review = (change: Partial<PlanReview> = {}): PlanReview => ({
    plan: plan(),
    summary: undefined,
    summaryFailure: undefined,
    preflight: undefined,
    ...change,
  });
  const windows = Array.from({ length: 100 }, (_, index) => ({ since: undefined, till: index, expected: 5 }));
  const figure = (likely: number) => ({ least: likely / 2, likely, most: likely * 2 });
  const variant: Variant = {
    pattern: 'incremental',
    history: false,
    parallel: true,
    planned: true,
    windows: figure(10),
    durationMs: figure(7_200_000),
    freezeMs: undefined,
    stagingBytes: figure(4e9),
    imported: figure(1_000),
    requestUnits: undefined,
    throughputHours: undefined,
    cost: undefined,
  };
  const prediction: Prediction = {
    variants: [variant],
    leftOut: [{ what: 'Older versions', resources: 1_200 }],
    basis: ['Counted on [x](y).'],
  };
  const summary = {
    counts: { Patient: 2, Observation: 3 },
    total: 5,
    windows,
    explanation: 'Five resources.',
    prediction,
  };

  it('says what is left out of the types, taken out of resources, and exported type by type', () => {
    const made = review({});
    const { scope, options } = made.plan;
    const deidentified = { config: 'rules.json', etag: '0x8D' };
    const plan: Plan = {
      ...made.plan,
      scope: { ...scope, typeFilters: ['Observation?status=final'], deidentified },
      options: { ...options, perType: true },
    };
    const text = planReviewMarkdown({ ...made, plan });
    assert.match(text, /only what fits Observation\?status=final; counts include the rest/);
    assert.match(text, /De-identified by rules\.json, proved before anything is imported/);
    assert.match(text, /One export for each type/);
    assert.doesNotMatch(planReviewMarkdown(made), /De-identified|only what fits|One export/);
  });

  it('says how it goes on after the existing data, and when the services may be burdened', () => {
    const of = (change: Partial<Plan>): string => {
      const made = review({});
      return planReviewMarkdown({ ...made, plan: { ...made.plan, ...change } });
    };
    assert.doesNotMatch(of({}), /## When/);
    assert.match(
      of({ sync: { purpose: 'cutover', lagTargetSeconds: 900 } }),
      /until you finish: the copy is at most 15/,
    );
    const exports = [{ days: ['monday' as const], from: '18:00', till: '06:00' }];
    const text = of({
      sync: { purpose: 'follow', lagTargetSeconds: 60 },
      calendar: { timeZone: 'Europe/Berlin', exports, running: 'cancel' },
    });
    assert.match(text, /the recovery point is at most 1/);
    assert.match(text, /Exports start: monday 18:00–06:00 \(Europe\/Berlin\)/);
    assert.match(text, /Imports start: at any time/);
    assert.match(text, /is cancelled and done again/);
  });

  it('shows counts, the most numerous first, and of many windows the first and the last', () => {
    const text = planReviewMarkdown(review({ summary }));
    assert.match(text, /- Observation: 3\n- Patient: 2/);
    assert.match(text, /^1\. /m);
    assert.match(text, /^100\. /m);
    assert.match(text, /… 60 more/);
  });

  it('shows what it takes in ranges, what is left out, and money only by prices', () => {
    const text = planReviewMarkdown(review({ summary }));
    assert.match(
      text,
      /\| ● Incremental, without history +\| 10 \(5 to 20\) +\| 2 hours \(1 hour to 4 hours\) +\| not known/,
    );
    assert.match(text, /4 GB \(2 GB to 8 GB\)/);
    assert.match(text, /^As planned, Incremental, without history:\n- Windows: 10 \(5 to 20\)\n- Duration: 2 hours/m);
    assert.match(text, /- Older versions: 1,200/);
    assert.match(text, /Counted on \\\[x\\\]/);
    assert.match(text, /Enter "prices"/);
    const cost = { currency: 'EUR', total: figure(12), items: [] };
    const priced = { ...prediction, variants: [{ ...variant, cost }] };
    assert.match(
      planReviewMarkdown(review({ summary: { ...summary, prediction: priced } })),
      /€12\.00 \(€6\.00 to €24\.00\)/,
    );
  });

  it('says what is not known yet, and what cannot be known', () => {
    assert.match(planReviewMarkdown(review()), /Counting the source…[\s\S]*Not run yet/);
    assert.match(planReviewMarkdown(review({ summary })), /## Preflight[\s\S]*## What it takes[\s\S]*## Resources/);
    const failed = review({ summaryFailure: failure({ kind: 'retired', message: 'The service is retired' }) });
    assert.match(planReviewMarkdown(failed), /could not be counted\. contoso: The service is retired\./);
    assert.equal(planReviewLine(failed), 'size unknown');
  });

  it('sums up in one line for the editor', () => {
    const preflight = { checks: [], report: report([check()]), failure: undefined };
    assert.equal(planReviewLine(review({ summary, preflight })), '5 resources · 100 windows · preflight passed');
  });
});

describe('the summary of a migration', () => {
  const all = { Patient: totals({ exported: 7, imported: 5, alreadyThere: 1, failed: 1, onSource: 7, onTarget: 6 }) };

  it('adds up over the types, and knows counts of services only when every type has one', () => {
    const sums = sumTotals([...Object.values(all), totals({ exported: 1, imported: 1 })]);
    assert.deepEqual([sums.exported, sums.imported, sums.failed, sums.onSource], [8, 6, 1, undefined]);
    assert.equal(sumTotals(Object.values(all)).onTarget, 6);
  });

  it('never leaves out a column with losses, and leaves out those that say nothing', () => {
    const text = migrationSummaryMarkdown(overview({ totals: all }), 10_000);
    assert.match(text, /Already there \| Failed \| On source/);
    assert.doesNotMatch(text, /Unaccounted/);
    const lost = { Patient: totals({ exported: 2, imported: 1, unaccounted: 1 }) };
    assert.match(
      migrationSummaryMarkdown(overview({ totals: lost }), 10_000),
      /0 failed, 1 not accounted for[\s\S]*Unaccounted/,
    );
  });

  it('says how long it took and where the staged files are', () => {
    const text = migrationSummaryMarkdown(overview({ phase: 'complete', startedAt: 0, endedAt: 61_000 }), 99_000);
    assert.match(text, /Duration: 1 minute 1 second/);
    assert.match(text, /Staged files: contosostaging\/migration[\s\S]*20260504T101112-42/);
  });
});

describe('what goes to support', () => {
  it('holds versions, state, and every failure with its request id', () => {
    const broken = failure({ requestId: 'req-1', status: 500, code: 'InternalError' });
    const windows = [
      windowOf('w0001', { state: 'needsAttention', failure: broken }),
      windowOf('w0003', { state: 'done' }),
    ];
    const text = supportText(overview({ windows }), 0, environment);
    for (const part of ['req-1', 'FHIR Migration 0.1.0', '"journalLength": 12', 'w0001'])
      assert.ok(text.includes(part), part);
    assert.doesNotMatch(text, /w0003/);
  });

  it('holds all that is known of one failure', () => {
    const text = failureDetails(
      failure({ requestId: 'req-1', status: 403, request: 'GET /metadata', diagnostics: ['No role'], nextStep: 'Ask' }),
      0,
      environment,
    );
    for (const part of ['1970-01-01T00:00:00.000Z', 'req-1', '403', 'GET /metadata', '> No role', 'Ask', 'linux x64']) {
      assert.ok(text.includes(part), part);
    }
  });
});

describe('the journal as text', () => {
  it('is one JSON line for each record, also for a damaged one', () => {
    const text = journalText([
      { sequence: 1, text: '{"kind":"created","at":0}' },
      { sequence: 2, text: '{"type":' },
    ]);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    assert.deepEqual(lines, [
      { sequence: 1, time: '1970-01-01T00:00:00.000Z', record: { kind: 'created', at: 0 } },
      { sequence: 2, record: '{"type":' },
    ]);
  });
});

describe('a table', () => {
  it('is aligned as text and cannot be broken by its cells', () => {
    const text = markdownTable(
      [{ title: 'Type' }, { title: 'n', align: 'right' }],
      [
        ['a|b', '1'],
        ['Observation', '12,000'],
      ],
    );
    const lines = text.split('\n');
    assert.equal(new Set(lines.map(({ length }) => length)).size, 1);
    assert.equal(lines[2], '| a\\|b        |      1 |');
    assert.match(lines[1] ?? '', /-+: \|$/);
  });

  it('that is wider than an editor holds no spaces that only break its lines', () => {
    const text = markdownTable(
      [{ title: 'Gate' }, { title: 'Evidence' }],
      [
        ['Copy lag', 'x'.repeat(120)],
        ['Permissions', 'y'],
      ],
    );
    assert.equal(text.split('\n').at(-1), '| Permissions | y   |');
    assert.equal(text.split('\n')[1], '| --- | --- |');
  });
});

describe('read-only documents', () => {
  const store = (): DocumentStore =>
    new DocumentStore(
      (path) => (path.startsWith('/migrations/') ? Promise.resolve(`made of ${path}`) : undefined),
      () => 'gone',
    );

  it('have a path with a file extension and an opaque key', async () => {
    const documents = store();
    const address = documents.create('reports', 'Preflight of <contoso>/x', 'md', 'text');
    assert.match(address.path, /^\/reports\/[A-Za-z0-9.-]+\.md$/);
    assert.equal(await documents.read(address), 'text');
  });

  it('tell when they change, and not when they do not', () => {
    const documents = store();
    const address = documents.create('reports', 'x', 'md', 'a');
    const changed: string[] = [];
    documents.onChange(({ path }) => changed.push(path));
    documents.update(address, 'a');
    documents.update(address, 'b');
    assert.deepEqual(changed, [address.path]);
  });

  it('are made anew from their path, or say that they are of an earlier session', async () => {
    assert.equal(await store().read({ path: journalPath('m1'), key: '' }), 'made of /migrations/m1/journal.jsonl');
    assert.equal(await store().read({ path: '/reports/x.md', key: '7' }), 'gone');
  });

  it('do not pile up over a long session', async () => {
    const documents = store();
    const first = documents.create('reports', 'first', 'md', 'first');
    for (let count = 0; count < 100; count++) documents.create('reports', 'x', 'md', 'x');
    assert.equal(await documents.read(first), 'gone');
  });

  it('name a migration and one of its views, and nothing else', () => {
    assert.deepEqual(parseMigrationPath(summaryPath('m-1')), { migration: 'm-1', view: 'summary' });
    assert.deepEqual(parseMigrationPath(journalPath('m-1')), { migration: 'm-1', view: 'journal' });
    for (const odd of ['/migrations/../summary.md', '/migrations/a/b/summary.md', '/migrations/a/other.md', '/x']) {
      assert.equal(parseMigrationPath(odd), undefined);
    }
  });
});
