import assert from 'node:assert/strict';
import { cutoverLines } from '../../../src/cli/output/syncLines.ts';
import { cutoverStage } from '../../../src/cutover/stage.ts';
import { notCutOver } from '../../../src/engine/cutover.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import { projectSections } from '../../../src/ui/panel/project.ts';
import { signedOff, wholeOverview } from '../report/facts.ts';

const sync = {
  purpose: 'cutover',
  lagTargetMs: 900_000,
  lagMs: 40_000,
  copiedUntil: 7,
  exact: true,
  nextWindowAt: undefined,
} as const;
const at = (change: Partial<MigrationOverview>): MigrationOverview =>
  wholeOverview({ phase: 'syncing', sync, finish: undefined, cutover: undefined, ...change });

describe('Where a migration stands on the way over', () => {
  it('is held at the brink once the backlog is moved and both are in sync, unless a copy is only followed', () => {
    assert.deepEqual(cutoverStage(at({})), { state: 'held', at: 7 });
    assert.equal(cutoverStage(at({ sync: { ...sync, copiedUntil: undefined } })), undefined);
    assert.equal(cutoverStage(at({ sync: { ...sync, purpose: 'follow' } })), undefined);
    for (const phase of ['backlog', 'paused', 'complete'] as const)
      assert.equal(cutoverStage(at({ phase })), undefined);
  });

  it('is begun until it is signed, and held again when the source was written to after its freeze', () => {
    const cutover = { ...notCutOver, begun: { at: 5, gates: [] } };
    const { finish } = wholeOverview();
    assert.deepEqual(cutoverStage(at({ cutover })), { state: 'begun', at: 5 });
    assert.ok(finish !== undefined);
    const written = at({ cutover, finish: { ...finish, state: 'written' } });
    assert.equal(cutoverStage(written)?.state, 'held');
    const signed = at({ phase: 'complete', cutover: { ...cutover, signedOff } });
    assert.deepEqual(cutoverStage(signed), { state: 'signedOff', at: signedOff.at, by: 'Night shift' });
    const back = at({ phase: 'complete', cutover: { ...notCutOver, wentBack: { at: 9, because: 'Printers.' } } });
    assert.deepEqual(cutoverStage(back), { state: 'wentBack', at: 9 });
  });

  it('is said by the panel and by the command line', () => {
    const held = at({});
    assert.deepEqual(projectSections({ overview: held, driven: 'here' }).head.cutover, { state: 'held', at: 7 });
    assert.match(cutoverLines(held).join(), /^Cutover: held at the brink; .* for as long as you want$/);
    assert.deepEqual(cutoverLines(at({ sync: undefined })), []);
  });
});
