import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Plan } from '../../../src/engine/plan.ts';
import { chartOf } from '../../../src/report/chart.ts';
import { reportHtml } from '../../../src/report/html.ts';
import { reportMarkdown } from '../../../src/report/markdown.ts';
import { reportOf, type ReportFacts } from '../../../src/report/reportOf.ts';
import { documentOf } from '../../../src/report/sections.ts';
import { failure } from '../ui/samples.ts';
import { facts, signedOff, verificationRun, wholeOverview } from './facts.ts';

const formsOf = (of: ReportFacts): readonly string[] => {
  const report = reportOf(of);
  const document = documentOf(report);
  return [reportHtml(document), reportMarkdown(document), JSON.stringify(report)];
};

/** Facts in which a text stands everywhere where somebody else's words can stand. */
function saying(words: string): ReportFacts {
  const plain = facts();
  const { overview } = plain;
  const plan: Plan = { ...overview.plan, name: words, source: { ...overview.plan.source, name: words } };
  const [change] = plain.changes ?? [];
  assert.ok(change?.change.kind === 'settings');
  return {
    ...plain,
    changes: [{ ...change, change: { ...change.change, title: words, resourceName: words } }],
    overview: {
      ...overview,
      name: words,
      plan,
      notes: [words],
      attention: [
        { about: {}, failure: failure({ message: words, nextStep: words, diagnostics: [words] }), actions: [] },
      ],
      verification: {
        ...overview.verification,
        treated: [{ at: 1, treatment: 'accepted', classes: { differs: 1 }, because: words }],
      },
      cutover: {
        decisions: [{ at: 1, gate: 'permissions', decision: 'waived', because: words }],
        begun: undefined,
        signedOff: { ...signedOff, by: words, because: words, gates: [{ ...gate, evidence: words }] },
        wentBack: { at: 1, because: words },
      },
    },
  };
}
const gate = { id: 'copyLag', state: 'passed', evidence: '', at: 1 } as const;

describe('The report of a migration', () => {
  it('has a section for everything, in all forms', () => {
    const [html = '', markdown = '', json = ''] = formsOf(facts());
    for (const words of [
      'Complete and signed off',
      'Night shift',
      'Known rounding of a device.',
      'CORS is set later.',
      'a'.repeat(64),
      'c'.repeat(64),
      'b'.repeat(64),
      'fhir-migration/0.1.0',
      '251,000',
    ]) {
      assert.ok(html.includes(words), `HTML: ${words}`);
      assert.ok(markdown.includes(words), `Markdown: ${words}`);
    }
    assert.match(html, /<svg role="img" aria-label="From 2026-05-03 01:00:00 UTC [^"]+ per second on average/);
    const parsed = JSON.parse(json) as { report: string; v: number; totals: readonly { imported: number }[] };
    assert.deepEqual(
      [parsed.report, parsed.v, parsed.totals.map(({ imported }) => imported)],
      ['fhir-migration', 1, [250_000, 990]],
    );
  });

  it('is one file that runs and fetches nothing, with a policy that names its style alone', () => {
    const [html = ''] = formsOf(facts());
    const style = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    assert.ok(
      html.includes(
        `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
      ),
    );
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|<object|<form|\son[a-z]+=|\sstyle=|src=|url\(|@import/i);
    for (const [, href] of html.matchAll(/href="([^"]*)"/g)) assert.match(href ?? '', /^#[a-z]+$/);
  });

  it('shows whatever somebody wrote as text', () => {
    const hostile = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=1>',
      "'--><b>",
      '| a | b |',
      '](javascript:1)',
      '</style>',
      '# h',
      '&lt;',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string()), { minLength: 1, maxLength: 4 }), (parts) => {
        const [html = '', markdown = ''] = formsOf(saying(parts.join(' ')));
        assert.doesNotMatch(html, /<(?:script|img|b)\b/i);
        assert.equal(html.split('</style>').length, 2);
        assert.equal(tags(html), tags(formsOf(saying('x'))[0] ?? ''));
        assert.doesNotMatch(markdown, /<(?:script|img|b)\b/i);
        assert.doesNotMatch(markdown, /[^\\]\]\(/);
      }),
      { numRuns: 150 },
    );
  });

  it('never passes on ids, tokens or signatures, wherever they were put', () => {
    const canary = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/).map((text) => `canary${text}`);
    const hidden = (text: string) =>
      fc.constantFrom(
        `Patient/${text} was refused`,
        `Bearer ${text}`,
        `https://contoso.blob.core.windows.net/a?sv=2024&sig=${text}`,
        `resource id: ${text}, line: 4`,
        `eyJ${text}.${text}.${text}`,
        `Resource with id '${text}' not found`,
      );
    fc.assert(
      fc.property(
        canary.chain((text) => fc.tuple(fc.constant(text), hidden(text))),
        ([text, words]) => {
          for (const form of formsOf(saying(words))) assert.ok(!form.includes(text), form.slice(0, 200));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is never good where something is unknown, open or lost', () => {
    const good = (change: Parameters<typeof wholeOverview>[0]): boolean =>
      documentOf(reportOf(facts({ overview: wholeOverview(change) }))).good;
    const { verification, totals } = wholeOverview();
    assert.equal(good({}), true);
    assert.equal(good({ phase: 'syncing' }), false);
    assert.equal(good({ verification: { ...verification, runs: [] } }), false);
    for (const outcome of ['different', 'incomplete'] as const)
      assert.equal(good({ verification: { ...verification, runs: [verificationRun({ outcome })] } }), false);
    assert.equal(good({ attention: [{ about: {}, failure: failure(), actions: [] }] }), false);
    const [patient] = Object.values(totals);
    assert.ok(patient !== undefined);
    for (const lost of ['failed', 'unaccounted'] as const)
      assert.equal(good({ totals: { Patient: { ...patient, [lost]: 1 } } }), false);
  });

  it('says what could not be read instead of leaving it out', () => {
    const [html = ''] = formsOf(
      facts({
        changes: undefined,
        journal: { ...facts().journal, first: undefined, last: undefined, sha256: undefined },
      }),
    );
    assert.match(html, /Unknown: what was changed could not be read/);
    assert.match(html, /unknown: they could not be read/);
  });
});

/** Names of the elements of a document, in their order. */
const tags = (html: string): string => [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([tag]) => tag).join('');

describe('The chart of a report', () => {
  it('loses no import: its bars stand for all resources', () => {
    const gains = fc.array(fc.record({ after: fc.integer({ min: 1, max: 1e6 }), more: fc.nat(1e6) }), {
      minLength: 2,
      maxLength: 240,
    });
    fc.assert(
      fc.property(gains, (steps) => {
        let [at, imported] = [1_000, 0];
        const points = steps.map(({ after, more }) => ({ at: (at += after), imported: (imported += more) }));
        const chart = chartOf(points, 500);
        if (imported === 0) {
          assert.equal(chart, undefined);
          return;
        }
        assert.ok(chart !== undefined);
        const span = (chart.to - chart.from) / chart.bars.length / 1_000;
        const drawn = chart.bars.reduce((sum, { height }) => sum + (height / 160) * chart.peak * span, 0);
        const rounding = (0.05 / 160) * chart.peak * span * chart.bars.length;
        assert.ok(Math.abs(drawn - imported) <= rounding + 1e-6 * imported, `${drawn} of ${imported}`);
      }),
    );
  });

  it('is left out while nothing was imported', () => {
    assert.equal(chartOf([], 1), undefined);
    assert.equal(chartOf([{ at: 2, imported: 0 }], 1), undefined);
  });
});
