import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { FhirError } from '../../sandbox/fhir/outcome.ts';
import { canonicalJson, parseResource, render } from '../../sandbox/fhir/resourceText.ts';

function stored(text: string): StoredVersion {
  const { content } = parseResource(text);
  const json = canonicalJson(content, 'Basic', 'b1');
  return { type: 'Basic', id: 'b1', versionId: '7', lastUpdated: 0, deleted: false, method: 'PUT', json };
}

describe('text of resources', () => {
  it('keeps everything but version and date', () => {
    const members = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(members, members, fc.boolean(), (more, meta, withMeta) => {
        const resource = { ...more, ...(withMeta ? { meta } : {}), resourceType: 'Basic', id: 'b1' };
        const text = JSON.stringify(resource);
        const rendered = JSON.parse(render(stored(text))) as Record<string, unknown>;
        const kept = JSON.parse(text) as Record<string, unknown>;
        const ownMeta = withMeta ? (kept.meta as object) : {};
        assert.deepEqual(rendered, {
          ...kept,
          meta: { ...ownMeta, versionId: '7', lastUpdated: '1970-01-01T00:00:00+00:00' },
        });
      }),
    );
  });

  it('keeps the spelling of every number', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(), fc.nat(), fc.option(fc.integer({ min: -30, max: 30 }))),
        ([whole, fraction, exponent]) => {
          const number = `${whole}.${fraction}0${exponent === null ? '' : `e${exponent}`}`;
          const text = `{"resourceType":"Basic","id":"b1","value":${number},"list":[${number},{"x":-${number}}]}`;
          assert.equal(render(stored(text)).split(number).length, 4);
        },
      ),
    );
  });

  it('is the same for resources that differ in order of meta and type only', () => {
    const one = stored('{"resourceType":"Basic","id":"b1","meta":{"versionId":"1","tag":[]},"a":1}').json;
    const other = stored('{"id":"b1","a":1,"resourceType":"Basic","meta":{"tag":[],"lastUpdated":"2020"}}').json;
    assert.equal(one, other);
  });

  it('may begin with a byte order mark, and must be a resource', () => {
    assert.equal(parseResource('\ufeff{"resourceType":"Basic"}').type, 'Basic');
    for (const text of ['', '{', 'null', '"x"', '[]', '{}', '{"resourceType":null}']) {
      assert.throws(
        () => parseResource(text),
        (error) => error instanceof FhirError && error.status === 400,
        text,
      );
    }
  });

  it('treats __proto__ as a name like any other', () => {
    const { content } = parseResource('{"resourceType":"Basic","id":"b1","__proto__":{"polluted":true}}');
    assert.equal(Object.getPrototypeOf(content), Object.prototype);
    assert.ok(canonicalJson(content, 'Basic', 'b1').includes('"__proto__":{"polluted":true}'));
  });
});
