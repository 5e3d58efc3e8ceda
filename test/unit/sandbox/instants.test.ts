import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatInstant, parseInstantRange } from '../../sandbox/fhir/instant.ts';

describe('instants of the sandbox', () => {
  it('are printed without trailing zeros', () => {
    const at = Date.UTC(2026, 4, 4, 10, 11, 12);
    assert.equal(formatInstant(at), '2026-05-04T10:11:12+00:00');
    assert.equal(formatInstant(at + 130), '2026-05-04T10:11:12.13+00:00');
    assert.equal(formatInstant(at + 7), '2026-05-04T10:11:12.007+00:00');
  });

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
        const range = parseInstantRange(formatInstant(at));
        assert.ok(range !== undefined && range.start <= at && at < range.end);
        assert.deepEqual(parseInstantRange(new Date(at).toISOString()), { start: at, end: at + 1 });
      }),
    );
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ['2024', '2024-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['2024-12', '2024-12-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['2024-02-29T10:30Z', '2024-02-29T10:30:00.000Z', '2024-02-29T10:31:00.000Z'],
    ['2024-02-29T10:30:05+02:00', '2024-02-29T08:30:05.000Z', '2024-02-29T08:30:06.000Z'],
    ['2024-02-29T10:30:05.1234567Z', '2024-02-29T10:30:05.123Z', '2024-02-29T10:30:05.124Z'],
  ];
  for (const [text, start, end] of cases) {
    it(`${text} stands for an interval`, () => {
      const range = parseInstantRange(text);
      assert.deepEqual(
        [range && new Date(range.start).toISOString(), range && new Date(range.end).toISOString()],
        [start, end],
      );
    });
  }

  it('are refused when no calendar has them', () => {
    for (const text of [
      '',
      '24',
      '2024-13',
      '2023-02-29',
      '2024-02-30',
      '2024-01-01T25:00Z',
      '2024-01-01 10:00',
      '2024-01-01T10:00:00 02:00',
    ]) {
      assert.equal(parseInstantRange(text), undefined, text);
    }
  });
});
