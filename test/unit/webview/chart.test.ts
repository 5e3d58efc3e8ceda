import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chartHeight, chartWidth, niceCeiling, throughputChart } from '../../../webview/chart.ts';

const points = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 10_000_000 }), fc.nat(100_000)), { minLength: 2, maxLength: 240 })
  .map((list) => {
    let sum = 0;
    return [...list].sort((a, b) => a[0] - b[0]).map(([at, gained]): [number, number] => [at, (sum += gained)]);
  });

describe('the throughput chart', () => {
  it('needs two instants', () => {
    assert.equal(throughputChart([]), undefined);
    assert.equal(throughputChart([[5, 1]]), undefined);
    assert.equal(
      throughputChart([
        [5, 1],
        [5, 9],
      ]),
      undefined,
    );
  });

  it('gives a steady migration one height, and its rate per second', () => {
    const steady = Array.from({ length: 11 }, (_, index): [number, number] => [index * 1_000, index * 40]);
    const chart = throughputChart(steady);
    assert.ok(chart);
    assert.deepEqual([chart.mean, chart.peak, chart.last, chart.top], [40, 40, 40, 50]);
    assert.equal(chart.meanY, chartHeight * 0.2);
  });

  it('loses nothing of several imports that end at the same instant', () => {
    const chart = throughputChart([
      [0, 0],
      [1_000, 10],
      [2_000, 20],
      [2_000, 40],
    ]);
    assert.ok(chart);
    assert.deepEqual([chart.mean, chart.last], [20, 30]);
  });

  it('shows rates whose mean is the mean of the run, inside the drawing', () => {
    fc.assert(
      fc.property(points, (list) => {
        const chart = throughputChart(list);
        if (chart === undefined) return;
        const heights = [...chart.line.matchAll(/V([\d.]+)H([\d.]+)/g)].map((match) => Number(match[1]));
        assert.ok(heights.length >= 2 && heights.length <= 60);
        assert.ok(heights.every((height) => height >= 0 && height <= chartHeight));
        assert.ok(chart.line.endsWith(`H${chartWidth.toFixed(1)}`));
        const drawnMean =
          heights.reduce((sum, height) => sum + ((chartHeight - height) / chartHeight) * chart.top, 0) / heights.length;
        assert.ok(Math.abs(drawnMean - chart.mean) <= chart.top * 0.001 + 1e-9, `${drawnMean} for ${chart.mean}`);
        assert.ok(chart.peak <= chart.top);
      }),
    );
  });

  it('draws finite numbers for counts that run backwards', () => {
    const chart = throughputChart([
      [0, 100],
      [1_000, 50],
      [2_000, 0],
    ]);
    assert.ok(chart);
    assert.deepEqual([chart.peak, chart.mean, chart.top], [0, 0, 1]);
    assert.doesNotMatch(chart.line + chart.area, /NaN|Infinity/);
  });
});

describe('the upper edge of the chart', () => {
  it('is a round number that is not below the value and not more than 2.5 times it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const edge = niceCeiling(value);
        assert.ok(edge >= value && edge <= value * 2.5 * (1 + 1e-9), `${edge} for ${value}`);
      }),
    );
    assert.equal(niceCeiling(0), 1);
    assert.equal(niceCeiling(Number.NaN), 1);
    assert.equal(niceCeiling(230), 250);
  });
});
