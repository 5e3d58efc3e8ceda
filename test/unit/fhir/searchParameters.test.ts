import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copySearchParameters } from '../../../src/fhir/copySearchParameters.ts';
import { inWritingOrder } from '../../../src/fhir/parameterOrder.ts';
import { sameDefinition } from '../../../src/fhir/sameDefinition.ts';
import { readSearchParameters, type SearchParameterSource } from '../../../src/fhir/searchParameters.ts';
import type { FakeAnswer, SentRequest } from '../http/fakeHttp.ts';
import { never } from '../http/fakeHttp.ts';
import { endpoint, fakeFhir, outcome } from './fakeFhir.ts';

const parameter = (name: string, more: object = {}): SearchParameterSource => ({
  url: `http://example.org/sp/${name}`,
  resource: {
    resourceType: 'SearchParameter',
    id: name,
    meta: { versionId: '3', lastUpdated: '2026-01-01T00:00:00Z' },
    url: `http://example.org/sp/${name}`,
    code: name,
    base: ['Patient'],
    type: 'string',
    expression: `Patient.${name}`,
    ...more,
  },
});
const list = (parameters: readonly SearchParameterSource[], next?: string): FakeAnswer => ({
  json: {
    resourceType: 'Bundle',
    entry: parameters.map(({ resource }) => ({ resource, search: { mode: 'match' } })),
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  },
});

/** A target that holds some and answers writes in turn. */
function target(
  held: readonly SearchParameterSource[],
  writes: readonly FakeAnswer[] | ((sent: SentRequest) => FakeAnswer),
) {
  let written = 0;
  return fakeFhir((sent) => {
    if (sent.method === 'GET') return list(held);
    if (typeof writes === 'function') return writes(sent);
    written += 1;
    return writes[written - 1] ?? { status: 201 };
  });
}

describe('Custom search parameters', () => {
  it('are read to the last page', async () => {
    const { client } = fakeFhir([list([parameter('a')], `${endpoint}/SearchParameter?ct=1`), list([parameter('b')])]);
    assert.deepEqual(
      (await readSearchParameters(client, never)).map(({ url }) => url),
      ['http://example.org/sp/a', 'http://example.org/sp/b'],
    );
  });

  it('are written one after the other, with their ids and without server data', async () => {
    const { client, http } = target([], []);
    const copies = await copySearchParameters(client, [parameter('a'), parameter('b')], never);
    assert.deepEqual(
      copies.map(({ outcome: how }) => how),
      ['created', 'created'],
    );
    assert.deepEqual(
      http.sent.slice(1).map(({ method, url }) => `${method} ${url.pathname}`),
      ['PUT /SearchParameter/a', 'PUT /SearchParameter/b'],
    );
    assert.equal((JSON.parse(http.sent[1]?.body ?? '') as { meta?: unknown }).meta, undefined);
  });

  it('are left alone where the target has the same, whatever the order of its elements', async () => {
    const { resource } = parameter('a');
    const shuffled = Object.fromEntries(Object.entries({ ...resource, id: 'other', meta: {}, date: '2020' }).reverse());
    const { client, http } = target([{ url: parameter('a').url, resource: shuffled }], []);
    assert.deepEqual(await copySearchParameters(client, [parameter('a')], never), [
      { url: parameter('a').url, outcome: 'alreadyThere' },
    ]);
    assert.equal(http.sent.length, 1);
  });

  it('never overwrite another definition', async () => {
    const { client, http } = target([parameter('a', { expression: 'Patient.other' })], []);
    const [copy] = await copySearchParameters(client, [parameter('a')], never);
    assert.deepEqual([copy?.outcome, copy?.failure?.kind, http.sent.length], ['failed', 'conflict', 1]);
  });

  it('never take the id of another parameter', async () => {
    const { client, http } = target(
      [{ url: 'http://example.org/sp/z', resource: { ...parameter('z').resource, id: 'a' } }],
      [],
    );
    assert.equal((await copySearchParameters(client, [parameter('a')], never))[0]?.outcome, 'created');
    assert.equal(http.sent[1]?.method, 'POST');
    assert.equal((JSON.parse(http.sent[1].body ?? '') as { id?: unknown }).id, undefined);
  });

  it('are reported each: one that is refused does not stop the others', async () => {
    const refusal = {
      status: 400,
      json: outcome(
        'invalid',
        "A search parameter with the same code value 'a' already exists for base type 'Patient'.",
      ),
    };
    const { client } = target([], [refusal, { status: 201 }, { status: 405 }]);
    const copies = await copySearchParameters(client, [parameter('a'), parameter('b'), parameter('c')], never);
    assert.deepEqual(
      copies.map(({ outcome: how, failure }) => [how, failure?.kind]),
      [
        ['failed', 'rejected'],
        ['created', undefined],
        ['alreadyThere', undefined],
      ],
    );
    assert.match(copies[0]?.failure?.diagnostics?.[0] ?? '', /same code value/);
  });

  it('of which 3 of 40 are refused are copied but for those 3, and a retry writes only them', async () => {
    const all = Array.from({ length: 40 }, (_, index) => parameter(`p${index}`));
    const refused = new Set(['p4', 'p17', 'p39']);
    const held: SearchParameterSource[] = [];
    const asked: string[] = [];
    let isRefusing = true;
    const { client } = fakeFhir((sent) => {
      if (sent.method === 'GET') return list(held);
      const { id } = JSON.parse(sent.body ?? '') as { readonly id: string };
      asked.push(id);
      if (isRefusing && refused.has(id)) return { status: 400, json: outcome('invalid', 'The expression is invalid.') };
      held.push(...all.filter(({ resource }) => resource.id === id));
      return { status: 201 };
    });
    const first = await copySearchParameters(client, all, never);
    const failed = first.filter(({ outcome: how }) => how === 'failed');
    assert.deepEqual(
      failed.map(({ url }) => url.split('/').at(-1)),
      [...refused],
    );
    assert.equal(first.filter(({ outcome: how }) => how === 'created').length, 37);
    isRefusing = false;
    asked.length = 0;
    const second = await copySearchParameters(client, all, never);
    assert.deepEqual(asked, [...refused]);
    assert.ok(second.every(({ outcome: how }) => how !== 'failed') && held.length === 40);
  });

  it('stop at a reindex, a lock or a missing role, without further requests', async () => {
    for (const [status, words] of [
      [409, 'Changes to search parameters are not allowed while a reindex job is in progress.'],
      [423, 'x'],
      [403, 'Authorization failed.'],
    ] as const) {
      const { client, http } = target([], () => ({ status, json: outcome('forbidden', words) }));
      const copies = await copySearchParameters(client, [parameter('a'), parameter('b'), parameter('c')], never);
      assert.deepEqual(
        copies.map(({ outcome: how }) => how),
        ['failed', 'failed', 'failed'],
      );
      assert.equal(http.sent.filter(({ method }) => method !== 'GET').length, 1);
      if (status === 409) assert.match(copies[0]?.failure?.nextStep ?? '', /reindex/);
    }
  });

  it('are written again when the server lost a race with itself, but not for ever', async () => {
    const race = {
      status: 400,
      json: outcome('invalid', 'Optimistic concurrency conflict detected while writing custom search parameter(s).'),
    };
    const once = target([], [race, { status: 201 }]);
    assert.equal((await copySearchParameters(once.client, [parameter('a')], never))[0]?.outcome, 'created');
    assert.equal(once.clock.waits.length, 1);
    const always = target([], () => race);
    assert.equal((await copySearchParameters(always.client, [parameter('a')], never))[0]?.outcome, 'failed');
    assert.equal(always.http.sent.filter(({ method }) => method === 'PUT').length, 4);
  });

  it('are there when an earlier answer was lost', async () => {
    let reads = 0;
    const { client } = fakeFhir((sent) => {
      if (sent.method === 'GET') return list((reads += 1) === 1 ? [] : [parameter('a')]);
      return {
        status: 400,
        json: outcome(
          'invalid',
          `A search parameter with the same definition URL '${parameter('a').url}' already exists.`,
        ),
      };
    });
    assert.equal((await copySearchParameters(client, [parameter('a')], never))[0]?.outcome, 'alreadyThere');
  });

  it('are written after those that they are composed of, all of them, once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { maxLength: 15 }),
        (edges) => {
          const all = Array.from({ length: 10 }, (_, n) =>
            parameter(`p${n}`, {
              component: edges
                .filter(([from]) => from === n)
                .map(([, to]) => ({ definition: `http://example.org/sp/p${to}` })),
            }),
          );
          const order = inWritingOrder(all);
          assert.deepEqual(new Set(order), new Set(all));
          assert.equal(order.length, all.length);
          const place = new Map(order.map(({ url }, index) => [url, index]));
          // Where the parts do not refer to each other in a circle, every part comes first.
          if (edges.every(([from, to]) => from > to))
            for (const [from, to] of edges)
              assert.ok(
                (place.get(`http://example.org/sp/p${to}`) ?? 99) < (place.get(`http://example.org/sp/p${from}`) ?? -1),
              );
        },
      ),
    );
  });

  it('are compared by what they mean', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(json, (resource) =>
        sameDefinition(resource, JSON.parse(JSON.stringify(resource)) as typeof resource),
      ),
    );
    assert.equal(sameDefinition({ base: ['Patient', 'Group'] }, { base: ['Group', 'Patient'] }), false);
    assert.equal(sameDefinition({ a: { b: 1, c: 2 }, id: '1' }, { id: '2', a: { c: 2, b: 1 } }), true);
  });
});
