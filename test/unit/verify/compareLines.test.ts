import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quoteNumbers } from '../../../src/fhir/exactJson.ts';
import { canonicalText } from '../../../src/verify/canonical.ts';
import { compareLines } from '../../../src/verify/compareLines.ts';

const canonical = (line: string): string => canonicalText(JSON.parse(quoteNumbers(line)) as Record<string, unknown>);
const line = (id: string, value: string): string =>
  `{"resourceType":"Observation","id":"${id}","meta":{"versionId":"1"},"value":${value}}`;

describe('Two exports compared line by line', () => {
  it('find exactly what differs, is missing or is extra, whatever the order', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9.-]{1,8}$/), { maxLength: 40 });
    const fates = fc.array(fc.constantFrom('equal', 'spelled', 'differs', 'missing', 'extra'), { minLength: 40 });
    fc.assert(
      fc.property(ids, fates, fc.boolean(), (all, how, isReversed) => {
        const fate = new Map(all.map((id, index) => [id, how[index] ?? 'equal']));
        const of = (name: string): string[] => all.filter((id) => fate.get(id) === name).sort();
        const left = all.filter((id) => fate.get(id) !== 'extra').map((id) => line(id, '1.0'));
        const right = all
          .filter((id) => fate.get(id) !== 'missing')
          .map((id) => {
            if (fate.get(id) === 'spelled')
              return `{"id":"${id}","value": 1.0,"resourceType":"Observation","meta":{"versionId":"7"}}`;
            return line(id, fate.get(id) === 'differs' ? '1.00' : '1.0');
          });
        const found = compareLines(left, isReversed ? right.reverse() : right, canonical);
        assert.deepEqual(
          [[...found.differs].sort(), [...found.missing].sort(), [...found.extra].sort(), found.unreadable],
          [of('differs'), of('missing'), of('extra'), 0],
        );
        assert.equal(found.equal, of('equal').length + of('spelled').length);
      }),
    );
  });

  it('count lines that are no resources, and never take them for equal', () => {
    const found = compareLines(['x', '{"id":7}', line('a', '1')], ['x', line('a', '1'), '{}'], canonical);
    assert.deepEqual([found.equal, found.unreadable], [1, 4]);
  });
});
