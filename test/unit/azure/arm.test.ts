import assert from 'node:assert/strict';
import { createArmClient } from '../../../src/azure/armClient.ts';
import { publicCloud } from '../../../src/azure/clouds.ts';
import { discover } from '../../../src/azure/discover.ts';
import type { DiscoveredService, DiscoveryEvent } from '../../../src/azure/discovered.ts';
import { listServices } from '../../../src/azure/listServices.ts';
import { quotaWaitMs, queryGraph } from '../../../src/azure/resourceGraph.ts';
import { readRoleAssignments } from '../../../src/azure/roleAssignments.ts';
import { findStorageAccount } from '../../../src/azure/storageAccount.ts';
import {
  type FakeAnswer,
  failureOf,
  fakeClock,
  fakeHttp,
  fakeTokens,
  never,
  type SentRequest,
} from '../http/fakeHttp.ts';

const graphPath = '/providers/Microsoft.ResourceGraph/resources';
const idOf = (name: string, sub = 's1') =>
  `/subscriptions/${sub}/resourceGroups/rg/providers/Microsoft.HealthcareApis/services/${name}`;
const full = (name: string, sub = 's1') => ({
  id: idOf(name, sub),
  properties: { provisioningState: 'Succeeded', authenticationConfiguration: {} },
});

function arm(answer: (sent: SentRequest, index: number) => FakeAnswer) {
  const http = fakeHttp(answer);
  const clock = fakeClock();
  const tokens = fakeTokens();
  const options = {
    cloud: publicCloud,
    tokens,
    httpClient: http,
    clock,
    random: () => 0,
    userAgent: 'agent',
    nameProbe: () => Promise.resolve(false),
  };
  return { http, clock, tokens, options, client: createArmClient(options) };
}

/** One tenant with subscriptions, and what Resource Graph and everything else answer. */
function world(
  subscriptions: readonly string[],
  graph: (body: { options: { $skipToken?: string } }, index: number) => FakeAnswer,
  other: (sent: SentRequest) => FakeAnswer = () => ({ status: 404, json: {} }),
) {
  let graphs = 0;
  return arm((sent) => {
    if (sent.url.pathname === '/tenants') return { json: { value: [{ tenantId: 't1', displayName: 'Contoso' }] } };
    if (sent.url.pathname === '/subscriptions')
      return {
        json: { value: subscriptions.map((subscriptionId) => ({ subscriptionId, displayName: subscriptionId })) },
      };
    if (sent.url.pathname === graphPath)
      return graph(JSON.parse(sent.body ?? '') as { options: { $skipToken?: string } }, graphs++);
    return other(sent);
  });
}

async function eventsOf(options: ReturnType<typeof arm>['options'], scope = {}): Promise<readonly DiscoveryEvent[]> {
  const events: DiscoveryEvent[] = [];
  for await (const event of discover(options, scope, never)) events.push(event);
  return events;
}
const namesIn = (events: readonly DiscoveryEvent[]) =>
  events
    .flatMap((event): readonly DiscoveredService[] => (event.type === 'services' ? event.services : []))
    .map(({ name }) => name);

describe('Resource Graph', () => {
  const rows = (client: ReturnType<typeof createArmClient>) =>
    queryGraph(client, { tenantId: 't1', subscriptionIds: ['s1'], query: 'Resources', tried: 'Looking' }, never);

  it('is paged with its token, the same query and subscriptions', async () => {
    const { client, http } = arm((_, index) => ({
      json: { data: [{ id: `r${index}` }], ...(index < 2 ? { $skipToken: `page${index}` } : {}) },
    }));
    const all: unknown[] = [];
    for await (const page of rows(client)) all.push(...page);
    assert.deepEqual(all, [{ id: 'r0' }, { id: 'r1' }, { id: 'r2' }]);
    const bodies = http.sent.map(({ body }) => JSON.parse(body ?? '') as Record<string, unknown>);
    assert.deepEqual(
      bodies.map(({ options }) => options),
      [
        { resultFormat: 'objectArray', $top: 1_000 },
        { resultFormat: 'objectArray', $top: 1_000, $skipToken: 'page0' },
        { resultFormat: 'objectArray', $top: 1_000, $skipToken: 'page1' },
      ],
    );
    assert.deepEqual(new Set(bodies.map(({ subscriptions, query }) => JSON.stringify([subscriptions, query]))).size, 1);
  });

  it('does not go round in circles', async () => {
    const { client } = arm(() => ({ json: { data: [], $skipToken: 'again' } }));
    await assert.rejects(async () => {
      for await (const page of rows(client)) assert.ok(Array.isArray(page));
    }, /do not come to an end/);
  });

  it('waits when its quota is used up', async () => {
    const { client, clock } = arm((_, index) => ({
      headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:04' },
      json: { data: [], ...(index === 0 ? { $skipToken: 'x' } : {}) },
    }));
    for await (const page of rows(client)) assert.equal(page.length, 0);
    assert.deepEqual(clock.waits, [4_000]);
  });

  it('is believed about its quota only within reason', () => {
    const wait = (remaining: string | undefined, after?: string) =>
      quotaWaitMs({ header: (name) => (name.endsWith('remaining') ? remaining : after) });
    assert.deepEqual(
      [
        wait(undefined),
        wait('3', '00:00:04'),
        wait('0', '00:00:01'),
        wait('0', '99:00:00'),
        wait('0', 'soon'),
        wait('0'),
      ],
      [0, 0, 1_000, 60_000, 5_000, 5_000],
    );
  });

  it('is refused when it answers with something else', async () => {
    for (const json of [{}, { data: 'x' }, { data: { columns: [], rows: [] } }, null, []]) {
      const { client } = arm(() => ({ json }));
      const read = async () => {
        for await (const page of rows(client)) assert.ok(page);
      };
      assert.equal((await failureOf(read())).kind, 'unexpectedAnswer');
    }
  });
});

describe('Discovery', () => {
  it('tells tenants, subscriptions, services and its end, in this order', async () => {
    const { options } = world(['s1'], () => ({ json: { data: [full('a')] } }));
    const events = await eventsOf(options);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['tenants', 'subscriptions', 'services', 'done'],
    );
    assert.deepEqual(events.at(-1), { type: 'done', looked: { tenants: 1, subscriptions: 1 } });
  });

  it('asks in groups of fewer than 300 subscriptions, with the token of the tenant', async () => {
    const ids = Array.from({ length: 650 }, (_, n) => `s${n}`);
    const { options, http, tokens } = world(ids, (_, index) => ({ json: { data: [full(`a${index}`)] } }));
    assert.equal(namesIn(await eventsOf(options)).length, 3);
    const sizes = http.sent
      .filter(({ url }) => url.pathname === graphPath)
      .map(({ body }) => (JSON.parse(body ?? '') as { subscriptions: unknown[] }).subscriptions.length);
    assert.deepEqual(sizes, [299, 299, 52]);
    assert.ok(tokens.asked.slice(1).every(({ tenantId }) => tenantId === 't1'));
  });

  it('tells of each service once, in whatever case its id comes', async () => {
    const { options } = world(['s1'], () => ({
      json: {
        data: [
          full('a'),
          { ...full('a'), id: idOf('a').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') },
          full('b'),
        ],
      },
    }));
    assert.deepEqual(namesIn(await eventsOf(options)), ['a', 'b']);
  });

  it('completes rows that lack settings by asking the resource, and tells where it may not', async () => {
    const { options } = world(
      ['s1'],
      () => ({ json: { data: [{ id: idOf('a') }, { id: idOf('b') }] } }),
      (sent) =>
        sent.url.pathname === idOf('a')
          ? { json: full('a') }
          : { status: 403, json: { error: { code: 'AuthorizationFailed', message: 'no access' } } },
    );
    const events = await eventsOf(options);
    assert.deepEqual(namesIn(events), ['a', 'b', 'a']);
    const problem = events.find((event) => event.type === 'problem');
    assert.deepEqual(
      [problem?.serviceId, problem?.failure.kind, problem?.failure.code],
      [idOf('b').toLowerCase(), 'forbidden', 'AuthorizationFailed'],
    );
  });

  it('takes one row that makes no sense for a problem, not for the end', async () => {
    const { options } = world(['s1'], () => ({ json: { data: [{ id: 5 }, full('a')] } }));
    const events = await eventsOf(options);
    assert.deepEqual([namesIn(events), events.filter(({ type }) => type === 'problem').length], [['a'], 1]);
  });

  it('falls back to lists of each subscription, and a forbidden one hides nothing', async () => {
    const lists = (sent: SentRequest): FakeAnswer => {
      const [, , sub = ''] = sent.url.pathname.split('/');
      if (sub === 's2') return { status: 403, json: { error: { code: 'AuthorizationFailed', message: 'no' } } };
      if (sent.url.pathname.endsWith('/services')) return { json: { value: [full(`gen1-${sub}`, sub)] } };
      if (sent.url.pathname.endsWith('/workspaces'))
        return {
          json: {
            value: [{ id: `/subscriptions/${sub}/resourceGroups/rg/providers/Microsoft.HealthcareApis/workspaces/ws` }],
          },
        };
      return {
        json: {
          value: [
            {
              ...full('x'),
              id: `/subscriptions/${sub}/resourceGroups/rg/providers/Microsoft.HealthcareApis/workspaces/ws/fhirservices/f-${sub}`,
            },
          ],
        },
      };
    };
    for (const graph of [() => ({ status: 403, json: {} }), () => ({ json: { data: [] } })]) {
      const { options, http } = world(['s1', 's2', 's3'], graph, lists);
      const events = await eventsOf(options);
      assert.deepEqual(namesIn(events).sort(), ['f-s1', 'f-s3', 'gen1-s1', 'gen1-s3']);
      const problem = events.find((event) => event.type === 'problem');
      assert.deepEqual([problem?.subscriptionId, problem?.failure.kind], ['s2', 'forbidden']);
      assert.ok(
        http.sent
          .filter(({ url }) => url.pathname.includes('HealthcareApis'))
          .every(({ url }) => url.searchParams.get('api-version') === '2024-03-31'),
      );
    }
  });

  it('says when nothing can be asked at all', async () => {
    const { options } = arm(() => ({ status: 401, json: {} }));
    const events = await eventsOf(options);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['problem', 'done'],
    );
  });

  it('ends when it is stopped, or left', async () => {
    const stop = new AbortController();
    const { options } = world(['s1'], () => {
      stop.abort();
      return { json: { data: [full('a')] } };
    });
    const run = async () => {
      for await (const event of discover(options, {}, stop.signal)) assert.ok(event.type !== 'done');
    };
    assert.equal((await failureOf(run())).kind, 'cancelled');
    const left = world(['s1'], () => ({ json: { data: [full('a')] } }));
    for await (const event of discover(left.options, {}, never)) {
      assert.equal(event.type, 'tenants');
      break;
    }
  });
});

describe('ARM', () => {
  it('is asked only at its own address, also by the SDK', async () => {
    for (const nextLink of ['https://evil.example/next', 'http://management.azure.com/next', '//evil.example/x']) {
      const { options, http } = arm(() => ({ json: { value: [], nextLink } }));
      const list = async () => {
        for await (const rows of listServices(options, { subscriptionId: 's1', tenantId: 't1', name: 's1' }, never))
          assert.ok(rows);
      };
      assert.ok(['unexpectedAnswer', 'network'].includes((await failureOf(list())).kind));
      const events = await eventsOf(options);
      assert.ok(events.some(({ type }) => type === 'problem'));
      assert.ok(http.sent.every(({ url }) => url.origin === 'https://management.azure.com'));
    }
  });

  it('is not followed elsewhere, also by the SDK', async () => {
    const { options, http } = arm(() => ({ status: 307, headers: { location: 'https://evil.example/' } }));
    const list = async () => {
      for await (const rows of listServices(options, { subscriptionId: 's1', tenantId: 't1', name: 's1' }, never))
        assert.ok(rows);
    };
    assert.equal((await failureOf(list())).kind, 'unexpectedAnswer');
    assert.ok(http.sent.every(({ url }) => url.origin === 'https://management.azure.com'));
  });

  it('lets no name or id into a query', async () => {
    const { client, http } = arm(() => ({ json: { value: [] } }));
    for (const name of ["x' or 1 == 1", 'a|project', '', 'UPPER_case', 'x'.repeat(25)])
      assert.equal((await failureOf(findStorageAccount(client, name, 't1', never))).kind, 'invalidInput');
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct';
    assert.equal(
      (await failureOf(readRoleAssignments(client, id, "x') or principalId ne '", 't1', never))).kind,
      'invalidInput',
    );
    assert.equal(http.sent.length, 0);
  });

  it('keeps the condition of a role, which grants less than the role', async () => {
    const of = (condition?: string | null) => ({
      properties: { roleDefinitionId: '/x/ROLE', principalId: 'p', principalType: null, scope: '/s', condition },
    });
    const { client } = arm(() => ({ json: { value: [of('@Resource[a]'), of(null), of()] } }));
    const found = await readRoleAssignments(client, idOf('a'), undefined, 't1', never);
    assert.deepEqual(
      found.map(({ roleDefinitionId, condition }) => [roleDefinitionId, condition]),
      [
        ['role', '@Resource[a]'],
        ['role', undefined],
        ['role', undefined],
      ],
    );
  });

  it('gives its error words, redacted and few', async () => {
    const { client } = arm(() => ({
      status: 400,
      headers: { 'x-ms-request-id': 'r-1' },
      json: {
        error: {
          code: 'BadThing',
          message: 'It is bad. Bearer eyJcanary.eyJcanary.x',
          details: Array.from({ length: 50 }, (_, n) => ({ code: 'c', message: `detail ${n}` })),
        },
      },
    }));
    const failure = await failureOf(
      client.get({ path: '/x', apiVersion: '1', template: '/x', tried: 'Trying', tenantId: 't1' }, never),
    );
    assert.deepEqual([failure.kind, failure.code, failure.requestId], ['rejected', 'BadThing', 'r-1']);
    assert.ok((failure.diagnostics?.length ?? 0) <= 6);
    assert.doesNotMatch(JSON.stringify(failure), /canary/);
  });
});
