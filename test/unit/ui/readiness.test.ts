import assert from 'node:assert/strict';
import { changesSince, remember } from '../../../src/assess/changes.ts';
import type { Finding } from '../../../src/assess/finding.ts';
import { Memory } from '../../../src/ui/platform/memory.ts';
import { readinessMarkdown } from '../../../src/ui/readiness/readinessReport.ts';
import { findingsOf, known, type Change } from '../assess/snapshots.ts';

const findings = (change: Change = {}): readonly Finding[] => [...findingsOf(change).values()];
const locked = findings({ target: { reindex: known('locked') } });
const assessment = (of: readonly Finding[]) => ({
  takenAt: 0,
  source: { name: 'old', endpoint: 'https://old.example' },
  target: { name: 'new', endpoint: 'https://new.example' },
  counts: { Patient: 1200, Observation: 34 },
  dataBytes: 5_400_000_000,
  findings: of,
});

describe('the report of an assessment', () => {
  it('says what stands in the way first, with evidence, guidance and documentation', () => {
    const text = readinessMarkdown({ assessment: assessment(locked), changes: undefined, accepted: {} });
    assert.match(text, /^# Readiness of old for new\n\n\*\*Not ready\.\*\*/);
    assert.match(text, /\nBlockers: 1\. Actions: 0\. To check: \d+\. For information: \d+\.\n/);
    assert.match(
      text,
      /## Findings\n\n- ✗ Blocker: \*\*The target is locked for initial import\*\* new answers 423\.\n/,
    );
    assert.match(text, /- Resources: 1,234\n- Size: 5\.4 GB\n/);
    assert.match(
      text,
      /## ✗ Blocker\n\n### The target is locked.*\n\n- Seen: new answers 423\.\n- Evidence: .*\n- Next step: .*\n- Fix in the Findings view: Prepare….*\n- Documentation: <https:/,
    );
    assert.doesNotMatch(text, /Since the last assessment/);
  });

  it('tells what is new, gone and changed', () => {
    const before = findings().map(remember);
    const now = findings({ target: { reindex: known('locked'), endpoint: 'https://other.example' } }).filter(
      ({ id }) => id !== 'search.include',
    );
    const changes = changesSince(before, now);
    assert.deepEqual(
      changes.added.map(({ id }) => id),
      ['target.lock', 'configuration.audience'],
    );
    assert.deepEqual(
      changes.gone.map(({ id }) => id),
      ['search.include'],
    );
    assert.deepEqual(
      changes.changed.map((one) => one.now.id),
      ['access.audience'],
    );
    const text = readinessMarkdown({ assessment: assessment(now), changes, accepted: {} });
    assert.match(text, /- New: The target is locked/);
    assert.match(text, /- Gone: _include/);
    assert.match(text, /- Changed: Applications must ask.*→.*other\.example/);
    const same = changesSince(before, findings());
    assert.match(
      readinessMarkdown({ assessment: assessment(findings()), changes: same, accepted: {} }),
      /Nothing changed\./,
    );
  });

  it('sets accepted findings apart with their reason, and counts them no longer', () => {
    const accepted = { 'target.lock': 'Only for <b>tests</b> | today' };
    const text = readinessMarkdown({ assessment: assessment(locked), changes: undefined, accepted });
    assert.match(text, /\nBlockers: 0\./);
    assert.match(text, /## Accepted\n\n### The target is locked[\s\S]*Accepted because: Only for &lt;b>tests/);
  });

  it('shows what a server sent as text', () => {
    const [first, ...rest] = locked;
    assert.ok(first);
    const evil = { ...first, evidence: { seen: '<img> [x](command:evil)\n# head', request: 'GET' } };
    const text = readinessMarkdown({ assessment: assessment([evil, ...rest]), changes: undefined, accepted: {} });
    assert.doesNotMatch(text, /<img>|(?<!\\)\[x\]|\n# head/);
  });
});

describe('the memory of assessments', () => {
  const memory = (stored?: unknown): Memory => {
    const values = new Map<string, unknown>(stored === undefined ? [] : [['fhirMigration.readiness', stored]]);
    return new Memory({
      get: (key) => values.get(key),
      update: (key, value) => Promise.resolve(void values.set(key, structuredClone(value))),
    });
  };

  it('keeps findings and reasons for each pair of services', async () => {
    const kept = memory();
    const readiness = { findings: locked.map(remember), accepted: { 'target.lock': 'because' } };
    await kept.setReadiness('a b', readiness);
    await kept.setReadiness('a', { findings: [], accepted: {} });
    assert.deepEqual(kept.readinessOf('a b'), readiness);
    assert.deepEqual(kept.readinessOf('a'), { findings: [], accepted: {} });
    assert.equal(kept.readinessOf('b'), undefined);
  });

  it('forgets the oldest of more than 50, and takes values of another shape for none', async () => {
    const kept = memory();
    for (let pair = 0; pair <= 50; pair += 1) await kept.setReadiness(`p${pair}`, { findings: [], accepted: {} });
    assert.equal(kept.readinessOf('p0'), undefined);
    assert.deepEqual(kept.readinessOf('p1'), { findings: [], accepted: {} });
    assert.equal(memory({ a: 7 }).readinessOf('a'), undefined);
    assert.equal(memory({}).readinessOf('constructor'), undefined);
    const odd = { a: { findings: [{ id: 'x' }, { id: 'y', title: 't', seen: 's', severity: 'check' }], accepted: [] } };
    assert.deepEqual(
      memory(odd)
        .readinessOf('a')
        ?.findings.map(({ id }) => id),
      ['y'],
    );
  });
});
