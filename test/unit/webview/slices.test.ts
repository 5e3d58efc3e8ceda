import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gapAfter, scrolledTo, slices } from '../../../webview/slices.ts';

const views = fc.record({ top: fc.nat(2_000_000), height: fc.nat(2_000), rowHeight: fc.constantFrom(1, 20, 28) });

describe('the drawn rows of a long table', () => {
  it('stand with their gaps exactly where all rows would stand', () => {
    fc.assert(
      fc.property(fc.nat(60_000), views, fc.option(fc.nat(70_000), { nil: undefined }), (total, view, keep) => {
        const drawn = slices(total, view, keep);
        let position = 0;
        for (const { index, gapBefore } of drawn) {
          position += gapBefore;
          assert.equal(position, index);
          position += 1;
        }
        assert.equal(position + gapAfter(total, drawn), total);
      }),
    );
  });

  it('hold everything that is visible, and the row with the focus', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), views, fc.nat(), (total, view, seed) => {
        const keep = seed % total;
        const indices = new Set(slices(total, view, keep).map(({ index }) => index));
        assert.ok(indices.has(keep));
        const lowest = Math.min(total - 1, Math.floor(view.top / view.rowHeight));
        const highest = Math.min(total - 1, Math.ceil((view.top + view.height) / view.rowHeight) - 1);
        for (let index = lowest; index <= highest; index += 1) assert.ok(indices.has(index), String(index));
      }),
    );
  });

  it('are few, however many rows there are', () => {
    assert.ok(slices(50_000, { top: 700_000, height: 600, rowHeight: 28 }, 0).length < 60);
  });

  it('are none of none', () => {
    assert.deepEqual(slices(0, { top: 0, height: 600, rowHeight: 28 }, 0), []);
    assert.equal(gapAfter(0, []), 0);
  });

  it('come wholly into sight with the least scrolling', () => {
    const view = { top: 280, height: 280, rowHeight: 28 };
    assert.equal(scrolledTo(12, view), 280);
    assert.equal(scrolledTo(3, view), 84);
    assert.equal(scrolledTo(30, view), 31 * 28 - 280);
  });
});
