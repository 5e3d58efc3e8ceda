import assert from 'node:assert/strict';
import { silentLog } from '../../../src/http/log.ts';
import type { ServiceFacts } from '../../../src/services/portfolio/contract.ts';
import { createServices } from '../../../src/services/services.ts';
import type { Assessment } from '../../../src/services/assess/contract.ts';
import type { FhirServiceSpec } from '../../sandbox/contract.ts';
import { never, useClients } from '../clients/fixture.ts';

const services: readonly FhirServiceSpec[] = [
  { name: 'contoso', flavour: 'azureApiForFhir', data: [{ kind: 'patients', count: 3 }] },
  { name: 'odd', flavour: 'azureApiForFhir', data: [{ kind: 'oddities' }], exportTiming: { settleMs: 100 } },
  { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
  { name: 'retired', flavour: 'azureApiForFhir', deprecated: true },
  { name: 'stu3', flavour: 'azureApiForFhir', fhirVersion: '3.0.2' },
  { name: 'archive', flavour: 'ahds', initialImportMode: true, place: { workspace: 'contoso-health' } },
  { name: 'apart', flavour: 'ahds', importAccount: 'otheraccount', place: { workspace: 'contoso-health' } },
];

const grave = ({ findings }: Assessment): readonly string[] =>
  findings.filter((one) => one.severity === 'blocker' || one.severity === 'action').map(({ id }) => id);

describe('Assessing services of a sandbox', function () {
  this.timeout(60_000);
  const clients = useClients({ services, accounts: ['contosostaging', 'otheraccount'] });
  const open = () => {
    const { cloud, tokens } = clients();
    const log = { ...silentLog, error: () => undefined };
    return createServices({ cloud, tokens, journalFolder: '/nowhere', log, userAgent: 'tests' });
  };
  const assess = async (source: string, target?: string, trialDays?: number): Promise<Assessment> => {
    const { sandbox } = clients();
    const all = open();
    const id = (name: string) => sandbox.resourceIdOf(name);
    return all.assess({ source: id(source), target: target === undefined ? undefined : id(target), trialDays }, never);
  };

  it('finds nothing grave between two services that are ready, and says what it saw', async () => {
    const assessment = await assess('contoso', 'clinical');
    assert.deepEqual(grave(assessment), []);
    const unknown = assessment.findings.filter(({ known }) => !known).map(({ id }) => id);
    assert.deepEqual(unknown, ['content.sample']);
    assert.equal(
      assessment.findings.some(({ id }) => id === 'access.customAuthority'),
      false,
      'the tenant is that of its identity',
    );
    assert.equal(assessment.counts?.Patient, 3);
    assert.ok((assessment.dataBytes ?? 0) > 0);
  });

  it('tells size and retirement of every service in few requests', async () => {
    const { sandbox } = clients();
    const all = open();
    const found = await Promise.all(
      ['contoso', 'clinical', 'retired'].map((name) => all.service(sandbox.resourceIdOf(name), undefined, never)),
    );
    sandbox.resetCounters();
    const facts = new Map<string, ServiceFacts>();
    await all.serviceFacts(found, never, (one) => facts.set(one.id, one));
    const of = (index: number) => facts.get(found[index]?.id ?? '');
    assert.deepEqual(
      [0, 1, 2].map((index) => of(index)?.retirement),
      [Date.now() < Date.UTC(2026, 8, 30) ? 'announced' : 'passed', 'none', 'exportsOnly'],
    );
    assert.ok([0, 1, 2].every((index) => of(index)?.size.known));
    const asked = ['contoso', 'clinical', 'retired'].map((name) =>
      Object.values(sandbox.counters(name)).reduce((a, b) => a + b, 0),
    );
    assert.deepEqual(asked, [2, 0, 2]);
  });

  it('asks few requests and writes nothing', async () => {
    const { sandbox } = clients();
    for (const [source, ofService, ofAll] of [
      ['contoso', 3, 7],
      ['retired', 2, 6],
    ] as const) {
      sandbox.resetCounters();
      await assess(source);
      const sum = (counters: Readonly<Record<string, number>>) => Object.values(counters).reduce((a, b) => a + b, 0);
      assert.equal(sum(sandbox.counters(source)), ofService);
      const { token, 'login metadata': login, ...requests } = sandbox.counters();
      assert.equal(sum(requests), ofAll, JSON.stringify({ login, token, requests }));
      const writes = Object.keys(requests).filter(
        (kind) => /^(?:ARM )?(?:PUT|PATCH|DELETE|POST)\b/.test(kind) && kind !== 'POST bundle',
      );
      assert.deepEqual(writes, []);
    }
  });

  it('asks each source a few requests for two hundred types, and Azure a few more', async () => {
    const { sandbox } = clients();
    const sum = (counters: Readonly<Record<string, number>>) => Object.values(counters).reduce((a, b) => a + b, 0);
    const all = open();
    for (const [source, mostOfSource, mostOfAll] of [
      ['contoso', 4, 30],
      ['retired', 2, 6],
    ] as const) {
      const metadata = JSON.parse(await all.metadata(sandbox.endpointOf(source), never)) as {
        rest: { resource: { type: string }[] }[];
      };
      const [first] = metadata.rest;
      const names = Array.from(
        { length: 200 },
        (_, index) => `Type${'ABCDEFGHIJ'[index % 10] ?? ''}${'x'.repeat(1 + Math.floor(index / 10))}`,
      );
      if (first !== undefined)
        first.resource = [...first.resource, ...names.map((type) => ({ ...first.resource[0], type }))].slice(-200);
      sandbox.addFault({
        service: source,
        path: 'metadata',
        count: 1,
        effect: {
          kind: 'status',
          status: 200,
          headers: { 'content-type': 'application/fhir+json' },
          body: JSON.stringify(metadata),
        },
      });
      sandbox.resetCounters();
      const { findings } = await assess(source);
      sandbox.clearFaults();
      const asked = sum(sandbox.counters(source));
      assert.ok(asked <= mostOfSource, `${asked} requests to ${source}`);
      const { token = 0, ...requests } = sandbox.counters();
      assert.ok(sum(requests) <= mostOfAll, JSON.stringify({ token, requests }));
      const listeners = findings.find(({ id }) => id === 'staging.eventGrid');
      assert.match(listeners?.evidence.seen ?? '', /^Unknown, because who listens to the staging account/);
    }
  });

  it('finds the hazards that are planted', async () => {
    assert.ok(grave(await assess('retired', 'clinical')).includes('lifecycle.deprecated'));
    assert.deepEqual(grave(await assess('stu3', 'clinical')), ['lifecycle.fhirVersion', 'lifecycle.stu3']);
    const locked = grave(await assess('contoso', 'archive'));
    assert.ok(locked.includes('target.lock') && locked.includes('staging.importSettings'), locked.join(', '));
    assert.deepEqual(grave(await assess('contoso', 'apart')), ['staging.sameAccount']);
  });

  it('finds hazards of the data in a trial export, none where there are none, and writes nothing to the source', async () => {
    const { sandbox } = clients();
    const before = sandbox.store('odd').size;
    const content = ({ findings }: Assessment) =>
      findings.filter(({ id }) => id.startsWith('content.')).map(({ id, known }) => (known ? id : `${id} unknown`));
    const found = content(await assess('odd', 'clinical', 30));
    assert.deepEqual(found.sort(), ['content.idsByCase', 'content.longDecimals', 'content.versionDates']);
    assert.deepEqual(content(await assess('contoso', 'clinical', 3_650)), []);
    assert.deepEqual(sandbox.store('odd').size, before);
  });

  it('says why something is unknown when Azure refuses', async () => {
    const { sandbox } = clients();
    const refusal = {
      kind: 'status' as const,
      status: 403,
      body: '{"error":{"code":"AuthorizationFailed","message":"no"}}',
    };
    sandbox.addFault({
      service: 'arm',
      path: 'roleAssignments|metrics|eventSubscriptions',
      count: 100,
      effect: refusal,
    });
    const { findings } = await assess('contoso', 'clinical');
    sandbox.clearFaults();
    const unknown = new Set(findings.filter(({ known }) => !known).map(({ id }) => id));
    for (const id of ['access.roleAssignments', 'data.volume', 'staging.eventGrid', 'staging.sourceIdentity'] as const)
      assert.ok(unknown.has(id), id);
  });
});
