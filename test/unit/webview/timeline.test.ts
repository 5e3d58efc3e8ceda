import assert from 'node:assert/strict';
import fc from 'fast-check';
import { windowStates } from '../../../webview/protocol.ts';
import { mostColumns, windowTimeline } from '../../../webview/timeline.ts';
import { windowRow } from './messages.ts';

const day = 86_400_000;
const list = fc
  .array(fc.constantFrom(...windowStates), { maxLength: 1_000 })
  .map((states) =>
    states.map((state, index) => windowRow(`w${index}`, { since: index * day, till: (index + 1) * day, state })),
  );

describe('the timeline of the windows', () => {
  it('has a column for each window that was not split, as long as they fit', () => {
    const rows = [
      windowRow('w1', { since: undefined, till: 4 * day, state: 'split' }),
      windowRow('w1.1', { since: undefined, till: 2 * day, state: 'done' }),
      windowRow('w1.2', { since: 2 * day, till: 4 * day, state: 'importing' }),
    ];
    const timeline = windowTimeline(rows);
    assert.ok(timeline);
    assert.deepEqual(
      timeline.columns.map(({ group }) => group),
      ['finished', 'active'],
    );
    assert.deepEqual([timeline.from, timeline.to], [undefined, 4 * day]);
  });

  it('is nothing without windows', () => {
    assert.equal(windowTimeline([]), undefined);
    assert.equal(windowTimeline([windowRow('w1', { state: 'split' })]), undefined);
  });

  it('never hides a window that needs attention, however many share a column', () => {
    fc.assert(
      fc.property(list, (rows) => {
        const columns = windowTimeline(rows)?.columns ?? [];
        assert.ok(columns.length <= mostColumns);
        assert.equal(
          columns.some(({ group }) => group === 'attention'),
          rows.some(({ state }) => state === 'needsAttention'),
        );
        const unfinished = rows.some(({ state }) => !['done', 'empty', 'split'].includes(state));
        assert.equal(
          columns.some(({ group }) => group !== 'finished'),
          unfinished,
        );
      }),
    );
  });
});
