import assert from 'node:assert/strict';
import { fitting, migrationIdsOf, servicesOf } from '../../../src/ui/commands/selection.ts';
import { migrationNodes } from '../../../src/ui/migrations/migrationNodes.ts';
import { Memory } from '../../../src/ui/platform/memory.ts';
import { failureAbout } from '../../../src/ui/panel/failureAbout.ts';
import { ahds, failure, overview, service, state, windowOf } from './samples.ts';

const ref = (node: unknown): unknown => ({ id: 'x', node });
const serviceRef = (of: ReturnType<typeof service>): unknown => ref({ kind: 'service', service: of });

describe('what a command was called with', () => {
  it('is all that is selected, not only what was clicked', () => {
    const [a, b] = [service(), ahds()];
    assert.deepEqual(servicesOf(serviceRef(a), [serviceRef(a), serviceRef(b)], []), [a, b]);
    assert.deepEqual(servicesOf(serviceRef(a), undefined, []), [a]);
  });

  it('leaves out what is no service', () => {
    assert.deepEqual(servicesOf(ref({ kind: 'subscription' }), undefined, []), []);
    assert.deepEqual(servicesOf(undefined, undefined, [service()]), []);
  });

  it('may be an id or an endpoint in any form', () => {
    const known = [service()];
    assert.deepEqual(servicesOf('https://CONTOSO.azurehealthcareapis.com/', undefined, known), known);
    assert.deepEqual(servicesOf(service().id.toUpperCase(), undefined, known), known);
  });

  it('is a migration by its row, by the row of what needs attention in it, or by its id', () => {
    const [row] = migrationNodes([state()], new Map());
    const attention = { kind: 'attention', migration: 'm2' };
    assert.deepEqual(migrationIdsOf(undefined, [ref(row), ref(attention), 'm1']), ['m1', 'm2']);
    assert.deepEqual(migrationIdsOf(undefined, undefined), []);
  });

  it('is split into what fits and what is left out', () => {
    assert.deepEqual(
      fitting([1, 2, 3], (each) => each > 1),
      { chosen: [2, 3], leftOut: [1] },
    );
  });
});

describe('the failure that the panel asks about', () => {
  const [first, second] = [failure({ message: 'one' }), failure({ message: 'two' })];
  const windows = [windowOf('w0001', { failure: second })];
  const attention = [{ about: { operation: 'e0001-1' as never }, failure: first, actions: [] }];
  const broken = overview({ windows, attention });

  it('is that of its window or operation, or the first that needs a person', () => {
    assert.equal(failureAbout(broken, { window: 'w0001' }), second);
    assert.equal(failureAbout(broken, { operation: 'e0001-1' }), first);
    assert.equal(failureAbout(broken, undefined), first);
    assert.equal(failureAbout(broken, { window: 'w0009' }), undefined);
  });
});

describe('what is remembered', () => {
  const memory = (values: Record<string, unknown>): Memory =>
    new Memory({ get: (key) => values[key], update: (key, value) => Promise.resolve(void (values[key] = value)) });

  it('comes back as it was', async () => {
    const values = {};
    await memory(values).setScope({ tenantIds: ['t'], subscriptionIds: undefined });
    assert.deepEqual(memory(values).scope, { tenantIds: ['t'], subscriptionIds: undefined });
  });

  it('counts as absent when it has another shape', () => {
    const odd = memory({
      'fhirMigration.scope': 7,
      'fhirMigration.lastChoices': { what: 'moon', types: 'Patient', targetOf: { a: 1, b: 'x' } },
      'fhirMigration.addedServers': { a: 1 },
    });
    assert.deepEqual(odd.scope, { tenantIds: undefined, subscriptionIds: undefined });
    assert.deepEqual(
      [odd.lastChoices.what, odd.lastChoices.types, odd.lastChoices.targetOf],
      [undefined, [], { b: 'x' }],
    );
    assert.deepEqual(odd.addedServers, []);
  });
});
