import assert from 'node:assert/strict';
import { eventsRow } from '../../../src/assess/prepare/eventsRow.ts';
import type { PrepareFacts } from '../../../src/assess/prepare/facts.ts';
import type { PrepareRow } from '../../../src/assess/prepare/row.ts';
import type { WholeEventSubscription } from '../../../src/azure/eventSubscriptions.ts';
import { isEventSubscription } from '../../../src/azure/writeEventSubscription.ts';
import { changeLines } from '../../../src/compare/changes/changeWords.ts';
import { overviewOf } from '../cli/fakeServices.ts';

const group = '/subscriptions/s/resourceGroups/g/providers';
const workspace = `${group}/Microsoft.HealthcareApis/workspaces/w`;
const { plan } = overviewOf();
const host = new URL(plan.target.endpoint).hostname;
const known = <T>(value: T) => ({ ok: true as const, request: 'GET', value });
const onlyFor = (...values: readonly string[]) => ({
  filter: { advancedFilters: [{ operatorType: 'StringIn', key: 'data.resourceFhirAccount', values }] },
});

function subscription(
  name: string,
  endpointType: string,
  rest: object = onlyFor(host),
  id = `${workspace}/providers/Microsoft.EventGrid/eventSubscriptions/${name}`,
): WholeEventSubscription {
  const properties = { destination: { endpointType, properties: { resourceId: '/hub' } }, ...rest };
  return { id, name, subjectBeginsWith: '', furtherFilters: false, properties };
}

function row(subscriptions: PrepareFacts['targetEvents'], eventState = 'Enabled', actions = ['*']): PrepareRow {
  const access = known('granted' as const);
  const resource = known({
    resourceId: `${workspace}/fhirservices/f`,
    name: 'f',
    tenantId: 't',
    json: { properties: { eventState } },
    permissions: known([{ actions, notActions: [] }]),
    locks: known([]),
  });
  const none = { ok: false as const, request: 'GET', failure: { kind: 'notFound' as const, message: 'No.' } };
  return eventsRow({
    plan,
    source: { resource: undefined, identityRoles: undefined, access },
    target: { resource, identityRoles: undefined, access },
    account: none,
    container: none,
    events: none,
    targetEvents: subscriptions,
    workspace: undefined,
    caller: { source: undefined, target: undefined },
  });
}

describe('Events of the target before a migration', () => {
  it('are turned off by deleting those subscriptions that can be made again as they were', () => {
    const hub = subscription('orders', 'EventHub');
    const { state, changes, blocked, guidance } = row(known([hub]));
    assert.deepEqual([state, blocked, changes.length], ['change', undefined, 1]);
    assert.deepEqual(changes[0]?.kind === 'eventSubscription' ? changes[0].properties : {}, hub.properties);
    assert.deepEqual(changes.flatMap(changeLines), ['w: event subscription orders: deleted until it is put back']);
    assert.doesNotMatch(guidance, /other services/);
  });

  it('are left to a person where Azure keeps a part of the subscription secret', () => {
    const hook = subscription('hook', 'WebHook');
    const secret = subscription('secret', 'ServiceBusQueue', {
      destination: {
        endpointType: 'ServiceBusQueue',
        properties: { deliveryAttributeMappings: [{ name: 'a', properties: { isSecret: true, value: 'Hidden' } }] },
      },
    });
    for (const one of [hook, secret]) {
      const { state, changes, commands } = row(known([one]));
      assert.deepEqual([state, changes], ['advice', []]);
      assert.match(commands.join(), /^az resource delete --ids \/subscriptions/);
    }
    const both = row(known([hook, subscription('orders', 'EventHub')]));
    assert.deepEqual([both.state, both.changes.length, both.commands.length], ['change', 1, 2]);
    assert.match(both.guidance, /does not tell all of hook/);
  });

  it('concern only subscriptions that hear the target, and tell when others of the workspace hear nothing either', () => {
    const other = subscription('other', 'EventHub', onlyFor('other.fhir.azurehealthcareapis.com'));
    assert.deepEqual([row(known([other])).state, row(known([other])).changes], ['advice', []]);
    const all = row(known([other, subscription('all', 'EventHub', {})]));
    assert.deepEqual(
      all.changes.map(({ title }) => title),
      ['Event subscription all'],
    );
    assert.match(all.guidance, /other services of the workspace/);
  });

  it('are never deleted where they are off, cannot be seen, or may not be deleted', () => {
    assert.equal(row(undefined, 'Disabled').state, 'ready');
    assert.equal(row({ ok: false, request: 'GET', failure: { kind: 'forbidden', message: 'No.' } }).state, 'advice');
    const hub = subscription('orders', 'EventHub');
    assert.match(row(known([hub]), 'Enabled', ['*/read']).blocked ?? '', /eventSubscriptions\/delete/);
    assert.match(row(known([hub]), 'Updating').blocked ?? '', /being switched/);
    assert.equal(row(known([]), 'Updating').current, 'being switched');
  });

  it('are known by ids of subscriptions alone: an answer cannot name anything else to be deleted', () => {
    const topic = `${group}/Microsoft.EventGrid/systemTopics/t/eventSubscriptions/x`;
    assert.ok(isEventSubscription(topic) && isEventSubscription(subscription('x', 'EventHub').id));
    for (const id of [workspace, `${workspace}/fhirservices/f`, `${topic}/..`, `${topic}/a/b`, '', 'x'])
      assert.ok(!isEventSubscription(id), id);
    assert.deepEqual(row(known([subscription('x', 'EventHub', {}, workspace)])).changes, []);
  });
});
