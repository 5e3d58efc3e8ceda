import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SampleReader } from '../../../src/assess/sample.ts';

const read = (...lines: readonly string[]) => {
  const reader = new SampleReader();
  for (const line of lines) reader.add(line);
  return reader.facts();
};
const line = (id: string, versionId: string, lastUpdated: string, members = ''): string =>
  `{"resourceType":"Basic","id":"${id}","meta":{"versionId":"${versionId}","lastUpdated":"${lastUpdated}"}${members}}`;

describe('a sample of exported content', () => {
  it('counts lines by type, and those that are no resources', () => {
    const facts = read(line('a', '1', '2024-01-01T00:00:00Z'), '', '{"resourceType":"SearchParameter"}', '[]', '{');
    assert.deepEqual([facts.lines, facts.unreadable, facts.types], [4, 2, { Basic: 1, SearchParameter: 1 }]);
  });

  it('finds decimals of more than 18 digits by their path, in numbers only', () => {
    const facts = read(
      line('a', '1', '2024-01-01T00:00:00Z', ',"v":[{"value":1234567890.1234567891},{"value":123456789012345678}]'),
      line('b', '1', '2024-01-01T00:00:00Z', ',"text":"1234567890.1234567891 \\" 12345678901234567890"'),
      line('c', '1', '2024-01-01T00:00:00Z', ',"v":{"value":0.000000000000000000001}'),
    );
    assert.deepEqual(facts.longDecimals, { 'Basic.v.value': 1 });
  });

  it('finds versions with equal and with falling dates in any order of lines', () => {
    const equal = [line('e', '1', '2024-01-01T00:00:00Z'), line('e', '2', '2024-01-01T00:00:00.000+00:00')];
    const falling = [line('f', '1', '2024-01-02T00:00:00Z'), line('f', '2', '2024-01-01T00:00:00Z')];
    const rising = [line('r', '9', '2024-01-03T00:00:00Z'), line('r', '10', '2024-01-04T00:00:00Z')];
    fc.assert(
      fc.property(fc.shuffledSubarray([...equal, ...falling, ...rising], { minLength: 6 }), (lines) => {
        const facts = read(...lines);
        assert.deepEqual([facts.equalDates, facts.invertedDates], [1, 1]);
      }),
    );
  });

  it('counts one millisecond, sizes, conditional references and ids that differ in case', () => {
    const facts = read(
      line('Case', '1', '2024-01-01T00:00:00.001Z', ',"subject":{"reference":"Patient?identifier=x"}'),
      line('case', '1', '2024-01-01T00:00:00.001Z', ',"subject":{"reference":"Patient/x"}'),
      line('large', '1', '2024-01-01T00:00:00.002Z', `,"data":"${'é'.repeat(950_000)}"`),
    );
    assert.equal(facts.mostInOneMillisecond, 2);
    assert.equal(facts.conditionalReferences, 1);
    assert.equal(facts.idsByCase, 2);
    assert.deepEqual([facts.nearLimit, facts.largestBytes > 1_900_000], [1, true]);
  });
});
