import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberMark, quoteNumbers } from '../../../src/fhir/exactJson.ts';
import { canonicalText, contentDigest } from '../../../src/verify/canonical.ts';

type Json = Record<string, unknown>;
const read = (text: string): Json => JSON.parse(quoteNumbers(text)) as Json;
const canonical = (text: string): string => canonicalText(read(text));

/** The same value with its keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('Content compared', () => {
  it('keeps the text of numbers, and nothing else changes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const marked = JSON.parse(quoteNumbers(JSON.stringify(value)), (_, member: unknown) =>
          typeof member === 'string' && member.startsWith(numberMark) ? Number(member.slice(2)) : member,
        ) as unknown;
        assert.deepEqual(marked, JSON.parse(JSON.stringify(value)));
      }),
    );
    assert.deepEqual(read('{"a":1.00,"b":-2e+10,"c":"1.0","d":[0.10,true]}'), {
      a: `${numberMark}1.00`,
      b: `${numberMark}-2e+10`,
      c: '1.0',
      d: [`${numberMark}0.10`, true],
    });
  });

  it('leaves strings with quotes, backslashes and digits alone', () => {
    for (const text of ['"', '\\', '\\"1', '1\\\\', '-1"2', '\n3'])
      assert.deepEqual(read(JSON.stringify({ [text]: text })), { [text]: text });
  });

  it('is equal for every order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const text = JSON.stringify({ resourceType: 'Basic', content });
        assert.equal(canonical(JSON.stringify(reversed(JSON.parse(text)))), canonical(text));
      }),
    );
  });

  it('tells decimals, array order, types and added members apart', () => {
    const texts = ['{"a":1.0}', '{"a":1.00}', '{"a":"1.0"}', '{"a":[1,2]}', '{"a":[2,1]}', '{"a":1.0,"b":null}', '{}'];
    assert.equal(new Set(texts.map((text) => contentDigest(read(text)))).size, texts.length);
  });

  it('sets version and date aside, and no other meta', () => {
    const first = canonical('{"id":"a","meta":{"versionId":"1","lastUpdated":"2024-01-01T00:00:00Z"}}');
    assert.equal(first, canonical('{"id":"a","meta":{"lastUpdated":"2025-01-01T00:00:00Z","versionId":"7"}}'));
    assert.equal(first, canonical('{"id":"a"}'));
    assert.notEqual(first, canonical('{"id":"a","meta":{"versionId":"1","tag":[{"code":"x"}]}}'));
  });
});
