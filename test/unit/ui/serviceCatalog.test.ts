import assert from 'node:assert/strict';
import type { DiscoveredService, DiscoveryEvent, DiscoveryScope } from '../../../src/azure/discovered.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import type { Services } from '../../../src/services/contract.ts';
import { Memory } from '../../../src/ui/platform/memory.ts';
import { ServiceCatalog } from '../../../src/ui/tree/serviceCatalog.ts';
import { failure, service } from './samples.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const subscription = { subscriptionId: 's1', tenantId: 't1', name: 'Contoso 1' };
const subscriptions: DiscoveryEvent = { type: 'subscriptions', tenantId: 't1', subscriptions: [subscription] };
const done: DiscoveryEvent = { type: 'done', looked: { tenants: 1, subscriptions: 1 } };
const found = (...services: DiscoveredService[]): DiscoveryEvent => ({ type: 'services', services });

/** A discovery whose events the test sends one by one. */
class Discovery {
  readonly scopes: DiscoveryScope[] = [];
  readonly signals: AbortSignal[] = [];
  #send: ((event: DiscoveryEvent | Error) => void) | undefined;
  #waiting: (DiscoveryEvent | Error)[] = [];

  send(...events: (DiscoveryEvent | Error)[]): void {
    for (const event of events) {
      if (this.#send === undefined) this.#waiting.push(event);
      else this.#send(event);
    }
  }

  async *discover(scope: DiscoveryScope, signal: AbortSignal): AsyncIterable<DiscoveryEvent> {
    this.scopes.push(scope);
    this.signals.push(signal);
    for (;;) {
      const event = this.#waiting.shift() ?? (await this.#next());
      if (event instanceof Error) throw event;
      yield event;
      if (event.type === 'done') return;
    }
  }

  #next(): Promise<DiscoveryEvent | Error> {
    return new Promise((resolve) => {
      this.#send = (event) => {
        this.#send = undefined;
        resolve(event);
      };
    });
  }
}

function world(change: { signedIn?: boolean; added?: string[] } = {}) {
  const discovery = new Discovery();
  const stored = new Map<string, unknown>([['fhirMigration.addedServers', change.added ?? []]]);
  const memory = new Memory({
    get: (key) => stored.get(key),
    update: (key, value) => Promise.resolve(void stored.set(key, value)),
  });
  const answers = new Map<string, DiscoveredService | Error>();
  const ask = (id: string): Promise<DiscoveredService> => {
    const answer = answers.get(id);
    return answer instanceof Error || answer === undefined
      ? Promise.reject(answer ?? new Error(`no answer for ${id}`))
      : Promise.resolve(answer);
  };
  let loads = 0;
  const services = {
    discover: (scope: DiscoveryScope, signal: AbortSignal) => discovery.discover(scope, signal),
    service: ask,
    serviceByUrl: ask,
  } as unknown as Services;
  const catalog = new ServiceCatalog({
    services: () => {
      loads++;
      return Promise.resolve(services);
    },
    signedIn: () => Promise.resolve(change.signedIn ?? true),
    memory,
    log: silent,
  });
  return { discovery, memory, answers, catalog, loads: () => loads };
}

/** Resolves when the catalog is as wanted. */
function until(catalog: ServiceCatalog, wanted: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!wanted()) return;
      stop();
      resolve();
    };
    const stop = catalog.onChange(check);
    check();
  });
}

describe('loading the services', () => {
  it('does not load anything that talks to Azure while nobody is signed in', async () => {
    const { catalog, loads } = world({ signedIn: false });
    await catalog.load();
    assert.equal(catalog.current.state, 'signedOut');
    assert.equal(loads(), 0);
  });

  it('shows services as they arrive', async () => {
    const { catalog, discovery } = world();
    const loading = catalog.load();
    discovery.send(subscriptions, found(service()));
    await until(catalog, () => catalog.services.length === 1);
    assert.equal(catalog.current.state, 'loading');
    discovery.send(done);
    await loading;
    assert.equal(catalog.current.state, 'loaded');
    assert.deepEqual(catalog.current.looked, { tenants: 1, subscriptions: 1 });
  });

  it('keeps what was there during a refresh, and drops then what is gone', async () => {
    const { catalog, discovery } = world();
    discovery.send(subscriptions, found(service(), service({ id: 'gone' })), done);
    await catalog.load();
    const refreshing = catalog.refresh();
    discovery.send(subscriptions, found(service({ name: 'renamed' })));
    await until(catalog, () => catalog.services.some(({ name }) => name === 'renamed'));
    assert.equal(catalog.services.length, 2);
    discovery.send(done);
    await refreshing;
    assert.deepEqual(
      catalog.services.map(({ name }) => name),
      ['renamed'],
    );
  });

  it('ends an older load when a newer one starts', async () => {
    const { catalog, discovery } = world();
    void catalog.refresh();
    await until(catalog, () => discovery.signals.length === 1 || catalog.current.state === 'loading');
    const second = catalog.refresh();
    await until(catalog, () => discovery.signals.length === 2 || catalog.current.state === 'loading');
    discovery.send(done, done);
    await second;
    assert.equal(discovery.signals[0]?.aborted ?? true, true);
  });

  it('turns a discovery that breaks off into a problem beside what it found', async () => {
    const { catalog, discovery } = world();
    discovery.send(subscriptions, found(service()), new FailureError(failure({ kind: 'network' })));
    await catalog.load();
    assert.equal(catalog.services.length, 1);
    assert.deepEqual(
      catalog.current.problems.map((problem) => problem.failure.kind),
      ['network'],
    );
  });

  it('counts a refusal of the account as a whole as signed out', async () => {
    const { catalog, discovery } = world();
    discovery.send(new FailureError(failure({ kind: 'notSignedIn' })));
    await catalog.load();
    assert.equal(catalog.current.state, 'signedOut');
  });

  it('looks through what was chosen, and says that it did', async () => {
    const { catalog, discovery, memory } = world();
    await memory.setScope({ tenantIds: ['t1'], subscriptionIds: ['s1'] });
    discovery.send(done);
    await catalog.load();
    assert.deepEqual(discovery.scopes, [{ tenantIds: ['t1'], subscriptionIds: ['s1'] }]);
    assert.equal(catalog.current.filtered, true);
  });
});

describe('trying again', () => {
  it('asks only the tenant that failed, and keeps everything else', async () => {
    const { catalog, discovery } = world();
    discovery.send(subscriptions, found(service()), { type: 'problem', tenantId: 't2', failure: failure() }, done);
    await catalog.load();
    discovery.send(found(service({ id: 'late', tenantId: 't2' })), done);
    await catalog.retry({ tenantId: 't2', failure: failure() });
    assert.deepEqual(discovery.scopes.at(-1), { tenantIds: ['t2'] });
    assert.equal(catalog.services.length, 2);
    assert.deepEqual(catalog.current.problems, []);
  });

  it('keeps the problem, with its new cause, when it fails again', async () => {
    const { catalog, answers } = world();
    const problem = { serviceId: 'odd', failure: failure() };
    answers.set('odd', new FailureError(failure({ kind: 'throttled' })));
    await catalog.retry(problem);
    assert.deepEqual(
      catalog.current.problems.map((each) => each.failure.kind),
      ['throttled'],
    );
  });
});

describe('servers added by address', () => {
  const endpoint = 'https://fhir.example';
  const server = service({ id: endpoint, endpoint, kind: 'fhirServer' });

  it('are kept, shown without any sign-in, and removed', async () => {
    const { catalog, memory, answers } = world({ signedIn: false, added: [endpoint] });
    answers.set(endpoint, server);
    await catalog.load();
    assert.deepEqual(
      catalog.services.map(({ name }) => name),
      ['contoso'],
    );
    await catalog.remove(endpoint);
    assert.deepEqual([catalog.services, memory.addedServers], [[], []]);
  });

  it('show why they do not answer, and come when they do', async () => {
    const { catalog, answers } = world({ signedIn: false, added: [endpoint] });
    await catalog.load();
    assert.notEqual(catalog.current.added[0]?.failure, undefined);
    answers.set(endpoint, server);
    await catalog.retryAdded(endpoint);
    assert.equal(catalog.current.added[0]?.failure, undefined);
  });

  it('are listed once, however often they are added', async () => {
    const { catalog, memory } = world();
    await catalog.add(server);
    await catalog.add(server);
    assert.deepEqual([catalog.services.length, memory.addedServers], [1, [endpoint]]);
  });
});
