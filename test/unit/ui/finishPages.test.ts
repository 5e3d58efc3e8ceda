import assert from 'node:assert/strict';
import type { CutoverPage } from '../../../src/cutover/walk.ts';
import { gateIds, stepIds } from '../../../src/engine/cutover.ts';
import { decommissionMarkdown } from '../../../src/ui/finish/cleanupReport.ts';
import { cutoverMarkdown } from '../../../src/ui/finish/cutoverPage.ts';
import { wholeOverview } from '../report/facts.ts';

const at = Date.UTC(2026, 4, 3, 11);
const page: CutoverPage = {
  gates: gateIds.map((id) => ({ id, state: 'passed', evidence: `Seen ${id} | [x](y) <b>.`, at })),
  steps: stepIds.map((id) => ({ id, state: 'unknown', evidence: 'Not asked.', at })),
  next: 'begin',
  removedSubscriptions: 0,
  complete: false,
};
const sync = {
  purpose: 'cutover',
  lagTargetMs: 900_000,
  lagMs: 40_000,
  copiedUntil: at,
  exact: true,
  nextWindowAt: undefined,
} as const;

describe('The pages at the end of a migration', () => {
  it('show every gate and step with its state, date and evidence, as text', () => {
    const text = cutoverMarkdown(wholeOverview({ cutover: undefined }), page);
    assert.match(text, /^- ✓ Passed: Copy lag \(.*2026.*\)\n {2}Seen copyLag \\\| \\\[x\\\]\(y\) &lt;b>\.$/m);
    assert.equal(text.match(/^- ✓ Passed: /gm)?.length, gateIds.length);
    assert.equal(text.match(/^- \? Unknown: /gm)?.length, stepIds.length);
    assert.doesNotMatch(text, /held in sync/);
  });

  it('say that both services are held', () => {
    const held = wholeOverview({ phase: 'syncing', sync, finish: undefined, cutover: undefined });
    assert.match(cutoverMarkdown(held, page), /held in sync at the brink/);
  });

  it('leave to a person what only a person may do', () => {
    const evidence = 'Delete it in the portal.';
    const text = decommissionMarkdown('contoso', [
      { id: 'delete', title: 'It is deleted', state: 'byHand', evidence, at },
    ]);
    assert.match(text, /^- ☐ By hand: It is deleted \(.*\)\n {2}Delete it in the portal\.$/m);
  });
});
