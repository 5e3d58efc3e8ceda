import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emptyCatalog, learn, type Catalog, type Problem } from '../../../src/ui/tree/catalog.ts';
import { emptyState, showsWelcome, type EmptyState } from '../../../src/ui/tree/emptyState.ts';
import { buildTree } from '../../../src/ui/tree/buildTree.ts';
import { childrenOf, type ServiceTreeNode } from '../../../src/ui/tree/nodes.ts';
import type { DiscoveredService } from '../../../src/azure/discovered.ts';
import { ahds, failure, service } from './samples.ts';

const loaded = (change: Partial<Catalog>): Catalog => ({ ...emptyCatalog, state: 'loaded', ...change });
const subscription = { subscriptionId: 's1', tenantId: 't1', name: 'Contoso 1' };
const problem = (kind: Problem['failure']['kind'], place: Partial<Problem> = {}): Problem => ({
  ...place,
  failure: failure({ kind }),
});
const withServices = (...services: DiscoveredService[]): Catalog =>
  learn(loaded({ subscriptions: [subscription] }), { type: 'services', services });

const flat = (nodes: readonly ServiceTreeNode[]): ServiceTreeNode[] =>
  nodes.flatMap((node) => [node, ...flat(childrenOf(node))]);
const kinds = (catalog: Catalog): string[] => flat(buildTree(catalog, new Map())).map(({ kind }) => kind);

describe('the catalog of services', () => {
  it('replaces a service that is learned again, and keeps one seen through two tenants twice', () => {
    const once = withServices(service(), service({ name: 'renamed' }));
    assert.deepEqual(
      [...once.services.values()].map(({ name }) => name),
      ['renamed'],
    );
    assert.equal(withServices(service(), service({ tenantId: 't2' })).services.size, 2);
  });

  it('replaces a problem of the same place and keeps problems of others', () => {
    let catalog = learn(emptyCatalog, { type: 'problem', tenantId: 't1', failure: failure() });
    catalog = learn(catalog, { type: 'problem', tenantId: 't2', failure: failure() });
    catalog = learn(catalog, { type: 'problem', tenantId: 't1', failure: failure({ kind: 'network' }) });
    assert.deepEqual(catalog.problems.map(({ tenantId, failure: { kind } }) => [tenantId, kind]).sort(), [
      ['t1', 'network'],
      ['t2', 'forbidden'],
    ]);
  });
});

describe('the reason for an empty list', () => {
  const cases: readonly (readonly [string, Catalog, EmptyState | undefined])[] = [
    ['nobody asked yet', emptyCatalog, undefined],
    ['the editor is asked who is signed in', { ...emptyCatalog, state: 'signingIn' }, 'signingIn'],
    ['nobody is signed in', { ...emptyCatalog, state: 'signedOut' }, 'signedOut'],
    ['discovery runs', { ...emptyCatalog, state: 'loading' }, 'loading'],
    ['the account sees no subscription', loaded({}), 'noSubscription'],
    ['subscriptions hold no service', loaded({ subscriptions: [subscription] }), 'noneFound'],
    ['discovery was limited', loaded({ subscriptions: [subscription], filtered: true }), 'filteredOut'],
    [
      'a tenant wants a sign-in',
      loaded({ problems: [problem('notSignedIn', { tenantId: 't1' })] }),
      'tenantNeedsSignIn',
    ],
    ['the token was refused altogether', loaded({ problems: [problem('notSignedIn')] }), 'signedOut'],
    ['listing is forbidden', loaded({ subscriptions: [subscription], problems: [problem('forbidden')] }), 'forbidden'],
    ['the network is gone', loaded({ problems: [problem('network')] }), 'offline'],
    ['something else failed', loaded({ problems: [problem('serverError')] }), 'failed'],
    ['there are services', withServices(service()), undefined],
  ];
  for (const [when, catalog, expected] of cases) {
    it(`is ${expected ?? 'none'} when ${when}`, () => assert.equal(emptyState(catalog), expected));
  }
});

describe('the tree of services', () => {
  it('groups by subscription, then by workspace', () => {
    const tree = buildTree(withServices(ahds(), service()), new Map());
    assert.deepEqual(kinds(withServices(ahds(), service())), ['subscription', 'service', 'workspace', 'service']);
    assert.equal(tree[0]?.kind === 'subscription' && tree[0].name, 'Contoso 1');
  });

  it('shows services beside a problem of their subscription, and the problem in its place', () => {
    const catalog = learn(withServices(service()), {
      type: 'problem',
      tenantId: 't1',
      subscriptionId: 's1',
      failure: failure(),
    });
    assert.deepEqual(kinds(catalog), ['subscription', 'service', 'problem']);
  });

  it('puts the problem of a service below it when the service is known, else in its subscription', () => {
    const known = learn(withServices(service()), { type: 'problem', serviceId: service().id, failure: failure() });
    const below = flat(buildTree(known, new Map())).find(({ kind }) => kind === 'service');
    assert.deepEqual(below !== undefined && childrenOf(below).map(({ kind }) => kind), ['problem']);
    const unknown = learn(withServices(service()), {
      type: 'problem',
      tenantId: 't1',
      serviceId: '/subscriptions/s1/resourcegroups/rg/providers/x/odd',
      failure: failure(),
    });
    assert.deepEqual(kinds(unknown), ['subscription', 'service', 'problem']);
  });

  it('explains below added servers why there is nothing of Azure', () => {
    const added = [
      { endpoint: 'https://fhir.example', service: service({ id: 'https://fhir.example' }), failure: undefined },
    ];
    assert.deepEqual(kinds({ ...emptyCatalog, state: 'signedOut', added }), ['added', 'service', 'hint']);
  });

  it('shows an added server that does not answer as a problem that can be removed', () => {
    const added = [{ endpoint: 'https://fhir.example', service: undefined, failure: failure({ kind: 'network' }) }];
    const nodes = flat(buildTree(loaded({ added, subscriptions: [subscription] }), new Map()));
    const found = nodes.find(({ kind }) => kind === 'problem');
    assert.equal(found?.kind === 'problem' && found.storedAddress, 'https://fhir.example');
  });

  it('says what a migration does with a service, whatever the form of its address', () => {
    const activities = new Map([['https://contoso.azurehealthcareapis.com', 'Source, 42 %']]);
    const nodes = flat(
      buildTree(withServices(service({ endpoint: 'https://CONTOSO.azurehealthcareapis.com/' })), activities),
    );
    const found = nodes.find(({ kind }) => kind === 'service');
    assert.equal(found?.kind === 'service' && found.activity, 'Source, 42 %');
  });
});

const anyService = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    tenantId: fc.constantFrom('t1', 't2'),
    subscriptionId: fc.constantFrom('s1', 's2'),
    workspace: fc.option(fc.constantFrom('w1', 'w2'), { nil: undefined }),
  })
  .map((change) =>
    service({ ...change, id: `/subscriptions/${change.subscriptionId}/${change.workspace ?? '-'}/${change.name}` }),
  );
const anyProblem = fc
  .record(
    {
      tenantId: fc.constantFrom('t1', 't2'),
      subscriptionId: fc.constantFrom('s1', 's2', 's3'),
      serviceId: fc.constantFrom('/subscriptions/s1/-/a', '/subscriptions/s9/-/z'),
      kind: fc.constantFrom('forbidden' as const, 'network' as const, 'notSignedIn' as const, 'bug' as const),
    },
    { requiredKeys: ['kind'] },
  )
  .map(({ kind, ...place }): Problem => ({ ...place, failure: failure({ kind }) }));
const anyCatalog = fc
  .record({
    services: fc.array(anyService, { maxLength: 8 }),
    problems: fc.array(anyProblem, { maxLength: 4 }),
    state: fc.constantFrom('signedOut' as const, 'loading' as const, 'loaded' as const, 'signingIn' as const),
    filtered: fc.boolean(),
  })
  .map(({ services, problems, state, filtered }) => {
    let catalog = learn({ ...emptyCatalog, filtered }, { type: 'services', services });
    for (const found of problems) catalog = learn(catalog, { type: 'problem', ...found });
    return { ...catalog, state };
  });

describe('every catalog', () => {
  it('shows each service and each problem exactly once, under ids of their own', () => {
    fc.assert(
      fc.property(anyCatalog, (catalog) => {
        if (showsWelcome(catalog)) return;
        const nodes = flat(buildTree(catalog, new Map()));
        assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
        assert.equal(nodes.filter(({ kind }) => kind === 'service').length, catalog.services.size);
        assert.equal(nodes.filter(({ kind }) => kind === 'problem').length, catalog.problems.length);
      }),
    );
  });

  it('never ends as an empty list without words for it', () => {
    fc.assert(
      fc.property(anyCatalog, (catalog) => {
        const empty = buildTree(catalog, new Map()).length === 0;
        assert.equal(empty, showsWelcome(catalog));
        if (empty) assert.notEqual(emptyState(catalog), undefined);
      }),
    );
  });
});
