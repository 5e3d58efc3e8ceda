import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import { changesSince, remember } from '../../../src/assess/changes.ts';
import type { Finding } from '../../../src/assess/finding.ts';
import { commandIds } from '../../../src/ui/commands/command.ts';
import { FindingsList } from '../../../src/ui/readiness/findingsList.ts';
import { findingNodes, renderFinding, type FindingNode } from '../../../src/ui/readiness/findingNodes.ts';
import { fixOf } from '../../../src/ui/readiness/fixes.ts';
import { findingsOf, known, type Change } from '../assess/snapshots.ts';
import { service } from './samples.ts';

const findings = (change: Change = {}): readonly Finding[] => [...findingsOf(change).values()];
const locked = findings({ target: { reindex: known('locked') } });
const readiness = (of: readonly Finding[], accepted = {}, before?: readonly Finding[]) => ({
  assessment: {
    takenAt: 0,
    source: { name: 'old', endpoint: 'https://old.example' },
    target: undefined,
    counts: undefined,
    dataBytes: undefined,
    findings: of,
  },
  changes: before && changesSince(before.map(remember), of),
  accepted,
});
const groups = (...args: Parameters<typeof readiness>) =>
  findingNodes(readiness(...args)).map(({ group, children }) => [group, children.length] as const);
const nodeOf = (id: string, ...args: Parameters<typeof readiness>): FindingNode => {
  const found = findingNodes(readiness(...args))
    .flatMap(({ children }) => children)
    .find(({ finding }) => finding.id === id);
  assert.ok(found);
  return found;
};

describe('the tree of findings', () => {
  it('groups by severity, the gravest first, and puts what was accepted last', () => {
    assert.deepEqual(
      groups(locked).map(([group]) => group),
      ['blocker', 'check', 'information'],
    );
    const accepted = groups(locked, { 'target.lock': 'Unlocked tonight.' });
    assert.deepEqual(accepted.at(-1), ['accepted', 1]);
    assert.equal(
      accepted.some(([group]) => group === 'blocker'),
      false,
    );
    assert.equal(
      accepted.reduce((sum, [, count]) => sum + count, 0),
      locked.length,
    );
  });

  it('marks what is new since the last assessment, and offers a fix where the product has one', () => {
    const lock = renderFinding(nodeOf('target.lock', locked, {}, findings()));
    assert.match(lock.description ?? '', /^new · new answers 423/);
    assert.match(lock.contextValue, /;finding;fixable;open;/);
    assert.match(lock.tooltip ?? '', /Fix: Prepare…/);
    assert.match(lock.accessibleLabel, /Blocker, The target is locked/);
    const done = renderFinding(nodeOf('target.lock', locked, { 'target.lock': 'Tonight.' }));
    assert.match(done.contextValue, /;accepted;/);
    assert.match(done.tooltip ?? '', /Accepted because: Tonight/);
    assert.doesNotMatch(renderFinding(nodeOf('data.ingress', locked)).contextValue, /fixable/);
  });

  it('shows what servers say as text', () => {
    const [first] = locked;
    assert.ok(first);
    const evil = { ...first, evidence: { seen: '$(trash) <img> [x](command:y)', request: 'GET [x](y)' } };
    const { description, tooltip } = renderFinding(nodeOf(first.id, [evil]));
    assert.doesNotMatch(description ?? '', /\$\(/);
    assert.doesNotMatch(tooltip ?? '', /<img|(?<!\\)\[x/);
  });

  it('has fixes only with commands that are there', () => {
    const ids: ReadonlySet<string> = new Set(commandIds);
    const fixes = locked.flatMap(({ id }) => fixOf(id) ?? []);
    assert.ok(fixes.length > 3);
    for (const { command } of fixes) assert.ok(ids.has(command), command);
    assert.deepEqual(
      { ...fixOf('content.sample'), title: '' },
      { command: 'fhirMigration.assessReadiness', needs: 'source', title: '' },
    );
  });
});

describe('the list of findings', () => {
  it('tells when another assessment is shown, and when it is closed', () => {
    const list = new FindingsList();
    let told = 0;
    list.onChange(() => (told += 1));
    const shown = { ...readiness(locked), source: service(), target: undefined, pair: 'a', plans: [] };
    const report = JSON.parse('{}') as Uri;
    list.show({ ...shown, report });
    assert.equal(list.shown?.pair, 'a');
    list.show(undefined);
    assert.deepEqual([list.shown, told], [undefined, 2]);
  });
});
