import assert from 'node:assert/strict';
import type { DiscoveredService } from '../../../src/azure/discovered.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import type { PreflightCheck } from '../../../src/services/contract.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import type { PreflightFacts, Probe, ServiceFacts } from '../../../src/services/preflight/facts.ts';
import { preflightReport } from '../../../src/services/preflight/report.ts';

const sourceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/services/contoso';
const workspaceId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/workspaces/ws';
const targetId = `${workspaceId}/fhirservices/fhir`;

function plan(change: object = {}): Plan {
  const reading = readPlan(
    JSON.stringify({
      version: 1,
      name: 'contoso',
      source: {
        kind: 'azureApiForFhir',
        name: 'contoso',
        endpoint: 'https://contoso.azurehealthcareapis.com',
        resourceId: sourceId,
      },
      target: {
        kind: 'ahds',
        name: 'ws/fhir',
        endpoint: 'https://ws-fhir.fhir.azurehealthcareapis.com',
        resourceId: targetId,
      },
      staging: { accountName: 'staging', blobEndpoint: 'https://staging.blob.core.windows.net' },
      ...change,
    }),
  );
  assert.ok(reading.plan !== undefined);
  return reading.plan;
}

const ok = <T>(value: T, request = 'GET /x'): Probe<T> => ({ ok: true, request, value });
const failed = (failure: Partial<Failure>): Probe<never> => ({
  ok: false,
  request: 'GET /x',
  failure: { kind: 'rejected', message: 'It failed.', ...failure },
});
const resource: DiscoveredService = {
  id: targetId.toLowerCase(),
  kind: 'ahds',
  name: 'fhir',
  endpoint: 'https://ws-fhir.fhir.azurehealthcareapis.com',
  resourceId: targetId,
  tenantId: 't',
  subscriptionId: 's',
  resourceGroup: 'g',
  workspace: 'ws',
  location: 'westeurope',
  fhirVersion: '4.0',
  provisioningState: 'Succeeded',
  audience: undefined,
  exportStorageAccount: 'staging',
  importMode: 'incremental',
  importStorageAccount: 'staging',
  identity: 'systemAssigned',
  principalId: 'p',
  publicNetworkAccess: true,
  tags: {},
};
const side: ServiceFacts = {
  metadata: ok({ fhirVersion: '4.0.1', transactions: true, versioning: { Patient: 'versioned' } }),
  count: ok(12),
  operationAccess: ok('granted'),
  clockSkewMs: ok(40),
  resource: ok({ service: resource, eventState: 'Disabled' }),
};
const good: PreflightFacts = {
  source: side,
  target: { ...side, reindex: ok('idle') },
  staging: {
    container: ok('present'),
    account: ok({
      name: 'staging',
      hierarchicalNamespace: true,
      openToAll: true,
      trustedServices: true,
      allowedResources: [],
    }),
    sourceIdentity: ok(true),
    targetIdentity: ok(true),
  },
  otherMigrations: [],
};

function checkOf(id: string, facts: PreflightFacts, of: Plan = plan()): PreflightCheck {
  const found = preflightReport(of, facts, 0).checks.find((check) => check.id === id);
  assert.ok(found !== undefined, `no check ${id}`);
  return found;
}
const withSource = (change: Partial<ServiceFacts>): PreflightFacts => ({ ...good, source: { ...side, ...change } });
const withTarget = (change: Partial<PreflightFacts['target']>): PreflightFacts => ({
  ...good,
  target: { ...good.target, ...change },
});
const withStaging = (change: Partial<PreflightFacts['staging']>): PreflightFacts => ({
  ...good,
  staging: { ...good.staging, ...change },
});

describe('preflight', () => {
  it('passes a prepared pair; only the imports of others stay unknown', () => {
    const report = preflightReport(plan(), good, 5);
    assert.ok(report.ok);
    assert.deepEqual(
      report.checks.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id),
      ['target.imports'],
    );
    assert.deepEqual(report.source, { deprecated: false, countsAnswer: true });
  });

  it('gives every check a different id and evidence', () => {
    const { checks } = preflightReport(plan({ scope: { history: true } }), good, 0);
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
    assert.ok(checks.every(({ evidence, found, title }) => evidence !== '' && found !== '' && title !== ''));
  });

  const cases: readonly (readonly [name: string, id: string, facts: PreflightFacts, outcome: string, words: RegExp])[] =
    [
      [
        'a deprecated source',
        'source.requests',
        withSource({ count: failed({ kind: 'retired', status: 410 }) }),
        'warning',
        /deprecated: it answers only/,
      ],
      [
        'a source that is gone',
        'source.metadata',
        withSource({ metadata: failed({ kind: 'retired', message: 'No such host.' }) }),
        'failure',
        /may have been retired/,
      ],
      [
        'a source that may not be read',
        'source.requests',
        withSource({ count: failed({ kind: 'forbidden', status: 403 }) }),
        'warning',
        /may not read/,
      ],
      [
        'counts that fail',
        'source.requests',
        withSource({ count: failed({ kind: 'serverError', status: 500 }) }),
        'warning',
        /Counting fails/,
      ],
      [
        'another FHIR version',
        'services.fhirVersion',
        withTarget({ metadata: ok({ fhirVersion: '3.0.2', transactions: true, versioning: {} }) }),
        'failure',
        /FHIR 3\.0\.2/,
      ],
      [
        'a missing export role',
        'source.exportRole',
        withSource({
          operationAccess: failed({ kind: 'forbidden', status: 403, diagnostics: ['Authorization failed.'] }),
        }),
        'failure',
        /Authorization failed/,
      ],
      [
        'a missing import role',
        'target.importRole',
        withTarget({ operationAccess: failed({ kind: 'forbidden', status: 403 }) }),
        'failure',
        /ws\/fhir refuses/,
      ],
      ['the initial import lock', 'target.lock', withTarget({ reindex: ok('locked') }), 'failure', /423/],
      ['a running reindex', 'target.reindex', withTarget({ reindex: ok('running') }), 'warning', /reindex is running/],
      ['another migration', 'target.imports', { ...good, otherMigrations: ['night run'] }, 'failure', /night run/],
      ['a clock that is an hour off', 'source.clock', withSource({ clockSkewMs: ok(3_600_000) }), 'warning', /3600 s/],
      [
        'no export storage',
        'source.exportStorage',
        withSource({
          resource: ok({ service: { ...resource, exportStorageAccount: undefined }, eventState: 'Disabled' }),
        }),
        'failure',
        /No export storage/,
      ],
      [
        'another export storage',
        'source.exportStorage',
        withSource({
          resource: ok({ service: { ...resource, exportStorageAccount: 'other' }, eventState: 'Disabled' }),
        }),
        'failure',
        /exports to other/,
      ],
      [
        'import switched off',
        'target.import',
        withTarget({ resource: ok({ service: { ...resource, importMode: 'off' }, eventState: 'Disabled' }) }),
        'failure',
        /not enabled/,
      ],
      [
        'initial import mode',
        'target.import',
        withTarget({ resource: ok({ service: { ...resource, importMode: 'initial' }, eventState: 'Disabled' }) }),
        'failure',
        /loses dates/,
      ],
      [
        'import from another account',
        'target.import',
        withTarget({
          resource: ok({ service: { ...resource, importStorageAccount: 'other' }, eventState: 'Disabled' }),
        }),
        'failure',
        /imports from other/,
      ],
      [
        'a resource that is not named',
        'target.import',
        withTarget({ resource: undefined }),
        'unknown',
        /does not name/,
      ],
      [
        'a resource that may not be read',
        'target.import',
        withTarget({ resource: failed({ kind: 'forbidden', message: 'Not allowed.' }) }),
        'unknown',
        /Not allowed/,
      ],
      [
        'events that are on',
        'target.events',
        withTarget({ resource: ok({ service: resource, eventState: 'Enabled' }) }),
        'warning',
        /Events are enabled/,
      ],
      [
        'a staging account out of reach',
        'staging.container',
        withStaging({ container: failed({ kind: 'forbidden' }) }),
        'failure',
        /It failed/,
      ],
      [
        'a firewall that lets services through, but not this machine',
        'staging.container',
        withStaging({ container: failed({ kind: 'forbidden', code: 'AuthorizationFailure' }) }),
        'warning',
        /keeps this machine out\. The services migrate all the same/,
      ],
      [
        'an identity without role',
        'staging.targetIdentity',
        withStaging({ targetIdentity: ok(false) }),
        'failure',
        /Storage Blob Data Contributor/,
      ],
    ];
  for (const [name, id, facts, outcome, words] of cases) {
    it(`tells ${name}`, () => {
      const check = checkOf(id, facts);
      assert.equal(check.outcome, outcome);
      assert.match(check.found, words);
      assert.equal(preflightReport(plan(), facts, 0).ok, outcome !== 'failure');
      if (outcome === 'failure') assert.ok(check.nextStep !== undefined || id === 'staging.container');
    });
  }

  it('knows a deprecated source from one whose counts merely fail', () => {
    const deprecated = withSource({ count: failed({ kind: 'retired', status: 410 }) });
    assert.deepEqual(preflightReport(plan(), deprecated, 0).source, { deprecated: true, countsAnswer: false });
    const failing = withSource({ count: failed({ kind: 'serverError', status: 500 }) });
    assert.deepEqual(preflightReport(plan(), failing, 0).source, { deprecated: false, countsAnswer: false });
  });

  it('lets a firewall rule for a workspace stand for its services, and nothing else', () => {
    const closed = { name: 'staging', hierarchicalNamespace: true, openToAll: false, trustedServices: false };
    const account = (allowedResources: string[]): PreflightFacts =>
      withStaging({ account: ok({ ...closed, allowedResources }) });
    assert.equal(
      checkOf('staging.network', account([sourceId.toLowerCase(), workspaceId.toLowerCase()])).outcome,
      'pass',
    );
    assert.equal(
      checkOf('staging.network', account([sourceId.toLowerCase(), `${workspaceId}2`.toLowerCase()])).outcome,
      'failure',
    );
    assert.match(checkOf('staging.network', account([])).found, /contoso and ws\/fhir/);
  });

  it('looks at the configuration of a de-identified migration, and at its version', () => {
    const deidentified = plan({ scope: { deidentified: { config: 'rules.json', etag: '"0x8D"' } } });
    const found = (etag: string | undefined) =>
      checkOf('staging.deidentification', withStaging({ deidentification: ok(etag) }), deidentified);
    assert.equal(found('0x8D').outcome, 'pass');
    assert.match(found(undefined).found, /There is no rules\.json/);
    assert.match(found('0x8E').found, /was changed since the plan was written/);
    for (const etag of [undefined, '0x8E']) {
      assert.equal(found(etag).outcome, 'failure');
      assert.match(found(etag).nextStep ?? '', /plan --deidentify/);
    }
    const { checks } = preflightReport(plan(), good, 0);
    assert.ok(checks.every(({ id }) => id !== 'staging.deidentification'));
  });

  it('asks for history to be kept only when history moves', () => {
    const facts = withTarget({
      metadata: ok({ fhirVersion: '4.0.1', transactions: true, versioning: { Observation: 'no-version' } }),
    });
    assert.equal(checkOf('target.versioning', facts, plan({ scope: { history: true } })).outcome, 'failure');
    assert.ok(preflightReport(plan(), facts, 0).ok);
  });
});
