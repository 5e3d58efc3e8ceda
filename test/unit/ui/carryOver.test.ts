import assert from 'node:assert/strict';
import type { ComparedEntry } from '../../../src/compare/comparison.ts';
import { copyReportMarkdown } from '../../../src/ui/carryOver/copyReport.ts';
import { comparisonReport } from '../../../src/ui/compare/comparisonReport.ts';
import { queriesMarkdown } from '../../../src/ui/applications/queriesReport.ts';
import { actionTokens } from '../../../src/ui/compare/driftActions.ts';
import { DriftList } from '../../../src/ui/compare/driftList.ts';
import { driftNodes, type GateNode } from '../../../src/ui/compare/driftNodes.ts';
import { renderDrift } from '../../../src/ui/compare/renderDrift.ts';
import { service } from '../cli/fakeServices.ts';

const evil = '<script>x</script> [a](command:b) ![i](https://x/y.png) | e\n# d';
const entry = (url: string, state: ComparedEntry['state'], more: Partial<ComparedEntry> = {}): ComparedEntry => ({
  path: [url],
  state,
  source: 'x',
  target: undefined,
  when: 'before',
  guidance: 'Copy it.',
  ...more,
});

function shown(entries: readonly ComparedEntry[]): DriftList {
  const list = new DriftList({ excludedOf: () => [], setExcluded: () => Promise.resolve() });
  const named = (name: string) => ({ name, endpoint: `https://${name}` });
  list.show(
    {
      source: named('a'),
      target: named('b'),
      aspects: [{ aspect: 'searchParameters', entries, sourceText: '', targetText: '' }],
    },
    service({ id: 'a' }),
    service({ id: 'b' }),
  );
  return list;
}

function gateOf(list: DriftList): GateNode | undefined {
  const [aspect] = list.shown === undefined ? [] : driftNodes(list.shown);
  return aspect?.children.find((node) => node.kind === 'gate');
}

describe('The gate "search parameters ready"', () => {
  const url = 'http://x/a';

  it('is not there without parameters, and unknown until somebody asks', () => {
    assert.equal(gateOf(shown([])), undefined);
    assert.equal(gateOf(shown([entry(url, 'copied')]))?.state, 'unknown');
  });

  it('opens only when everything that the source has is there, enabled, and answers', async () => {
    const ready = [{ url, ready: true, status: 'Enabled' }];
    const all = shown([entry(url, 'copied')]);
    all.setReadiness('b', ready);
    assert.equal(gateOf(all)?.state, 'ready');
    all.setReadiness('other', [{ url, ready: false, status: 'Supported' }]);
    assert.equal(gateOf(all)?.state, 'ready');
    const missing = shown([entry(url, 'copied'), entry('http://x/b', 'missing')]);
    missing.setReadiness('b', ready);
    assert.deepEqual(gateOf(missing)?.notReady, [{ url: 'http://x/b', why: 'missing on the target' }]);
    await missing.choose(['searchParameters/http:%2F%2Fx%2Fb'], false);
    assert.equal(gateOf(missing)?.state, 'ready');
    const waiting = shown([entry(url, 'different')]);
    waiting.setReadiness('b', [{ url, ready: false, status: 'Supported' }]);
    assert.deepEqual(gateOf(waiting)?.notReady, [{ url, why: 'The service says Supported.' }]);
  });

  it('says what it shows in words, and is green only when it is open', () => {
    const list = shown([entry(url, 'copied')]);
    const looks = (): unknown[] => {
      const gate = gateOf(list);
      const { description, color, accessibleLabel } = renderDrift(gate ?? assert.fail());
      return [description, color, accessibleLabel];
    };
    assert.deepEqual(looks(), ['not checked yet', undefined, 'Search parameters ready, not checked yet']);
    list.setReadiness('b', [{ url, ready: true, status: 'Enabled' }]);
    assert.deepEqual(looks().slice(0, 2), ['yes, all 1', 'testing.iconPassed']);
    list.setReadiness('b', [{ url, ready: false, status: undefined }]);
    assert.deepEqual(looks().slice(0, 2), ['no, 1 of 1 are not', 'testing.iconFailed']);
  });
});

describe('What can be done about a difference', () => {
  it('is to copy what is missing or differs, and to reindex what only waits for it', () => {
    assert.deepEqual(actionTokens('searchParameters', entry('u', 'missing')), ['canCopyParameters']);
    assert.deepEqual(actionTokens('searchParameters', entry('u', 'different', { overwrites: true })), [
      'canCopyParameters',
    ]);
    assert.deepEqual(actionTokens('searchParameters', entry('u', 'different')), ['canReindex']);
    const words = (unused: NonNullable<ComparedEntry['unused']>): string | undefined => {
      const [aspect] = driftNodes(shown([entry('u', 'different', { unused })]).shown ?? assert.fail());
      return aspect?.children.map(renderDrift).at(-1)?.description;
    };
    assert.equal(words('notIndexed'), 'not yet indexed · before the migration');
    assert.equal(words('unsupported'), 'not supported by the target · before the migration');
    assert.equal(words('retired'), 'retired on the target · before the migration');
    assert.deepEqual(actionTokens('searchParameters', entry('u', 'onlyOnTarget')), []);
    assert.deepEqual(actionTokens('profiles', { ...entry('u', 'missing'), path: ['ValueSet', 'u'] }), [
      'canCopyProfiles',
    ]);
    assert.deepEqual(actionTokens('profiles', { ...entry('u', 'missing'), path: ['Used by the data', 'u'] }), []);
  });
});

describe('Reports about what was compared and copied', () => {
  it('show texts of servers as text', () => {
    const failure = { kind: 'rejected' as const, message: evil };
    const comparison = shown([entry(evil, 'missing')]).shown ?? assert.fail();
    const side = { status: 200, total: 1, milliseconds: 1 };
    const query = {
      line: 1,
      query: evil,
      equal: false,
      differences: [{ kind: 'content' as const, source: evil, target: evil }],
      notes: [evil],
      compared: 1,
      source: side,
      target: side,
    };
    for (const text of [
      copyReportMarkdown('Copy', evil, evil, [{ name: evil, outcome: 'failed', failure }], undefined),
      comparisonReport(comparison),
      queriesMarkdown({ source: evil, target: evil, total: 1, compared: [query], running: false }),
    ]) {
      assert.doesNotMatch(text, /<script|(?<!\\)\]\(command|^# d/m);
      assert.match(text, /script/);
    }
  });

  it('keep the choice in the plan file, too, where there is one', async () => {
    const saved: (readonly string[])[] = [];
    const list = shown([entry('http://x/a', 'missing')]);
    const { comparison, source, target } = list.shown ?? assert.fail();
    list.show(comparison, source, target, {
      plan: { toString: () => 'file:///plan' } as never,
      excluded: ['roles/x'],
      save: (excluded) => Promise.resolve(void saved.push(excluded)),
    });
    assert.deepEqual([...(list.shown?.excluded ?? [])], ['roles/x']);
    await list.choose(['searchParameters/http:%2F%2Fx%2Fa'], false);
    assert.deepEqual(saved, [['roles/x', 'searchParameters/http:%2F%2Fx%2Fa']]);
  });
});
