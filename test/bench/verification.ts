import { serviceSide } from '../../src/services/verify/sides.ts';
import { verifyContent } from '../../src/services/verify/verifyContent.ts';
import { type Comparison, verifyRanges } from '../../src/services/verify/verifyServices.ts';
import { clientSecretTokens } from '../../src/azure/identityTokens.ts';
import { cacheTokens } from '../../src/azure/tokenCache.ts';
import { createFhirClient } from '../../src/fhir/fhirClient.ts';
import { createTransport } from '../../src/http/transport.ts';
import { cloudOf } from '../sandbox/cloudSettings.ts';
import type { RunningSandbox, StoredVersion } from '../sandbox/contract.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';

const types =
  'Account,AllergyIntolerance,Appointment,CarePlan,CareTeam,Claim,Communication,Composition,Condition,Consent,Coverage,Device,DiagnosticReport,DocumentReference,Encounter,EpisodeOfCare,Goal,Group,ImagingStudy,Immunization,Location,Media,Medication,Observation,Organization,Patient,Practitioner,Procedure,Specimen,Task'.split(
    ',',
  );
const total = 1_000_000;
const planted = 10;
const contentTypes = types.slice(0, 2);
const stepMs = 120_000;

function resource(index: number, first: number): StoredVersion {
  const type = types[index % types.length] ?? 'Patient';
  const id = `r${index}`;
  const json = `{"resourceType":"${type}","id":"${id}","status":"active"}`;
  return { type, id, versionId: '1', lastUpdated: first + index * stepMs, deleted: false, method: 'PUT', json };
}

/** Requests that it takes to prove a million resources of 30 types equal, to find ten lost ones, and to read content. */
export async function verification(): Promise<readonly Figure[]> {
  const sandbox = await startSandbox({
    services: [
      { name: 'contoso', flavour: 'ahds' },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  try {
    const till = Math.floor(sandbox.clock.now());
    const first = till - total * stepMs;
    const stores = [sandbox.store('contoso'), sandbox.store('clinical')];
    for (let index = 0; index < total; index++) for (const store of stores) store.put(resource(index, first));
    const equal = await requestsOf(sandbox, () => verifyRanges(comparisonOf(sandbox, first, till), signal), 0);
    const content = await requestsOf(
      sandbox,
      () => verifyContent({ ...comparisonOf(sandbox, first, till), types: contentTypes }, signal),
      0,
    );
    for (let lost = 0; lost < planted; lost++) {
      const { type, id } = resource(lost * 98_765 + 11, first);
      sandbox.store('contoso').purge(type, id);
    }
    const differing = await requestsOf(
      sandbox,
      () => verifyRanges(comparisonOf(sandbox, first, till), signal),
      planted,
    );
    const compared = (total / types.length) * contentTypes.length;
    const figure = { unit: 'requests', bound: 'atMost' } as const;
    return [
      {
        ...figure,
        name: 'verifyRangesEqual',
        value: equal,
        goal: 100,
        against: '1.1 per resource of the reference tool',
      },
      {
        ...figure,
        name: 'verifyRangesPerDelete',
        value: (differing - equal) / planted,
        goal: 60,
        against: '1.1 per resource of the reference tool',
      },
      {
        ...figure,
        name: 'verifyContentPerThousand',
        value: (content * 1_000) / compared,
        goal: 2.2,
        against: '1,100 of the reference tool',
      },
    ];
  } finally {
    await sandbox.stop();
  }
}

const { signal } = new AbortController();

async function requestsOf(
  sandbox: RunningSandbox,
  run: () => ReturnType<typeof verifyRanges>,
  differences: number,
): Promise<number> {
  sandbox.resetCounters();
  const result = await run();
  if (result.differences.length !== differences || result.openRanges.length > 0)
    throw new Error(`Found ${result.differences.length} differences instead of ${differences}.`);
  return ['contoso', 'clinical']
    .flatMap((name) => Object.values(sandbox.counters(name)))
    .reduce((sum, count) => sum + count, 0);
}

function comparisonOf(sandbox: RunningSandbox, first: number, till: number): Comparison {
  const cloud = cloudOf(sandbox);
  const httpClient = createTransport(sandbox.certificateAuthority);
  const { tenantId, clientId, clientSecret: secret } = sandbox;
  const tokens = cacheTokens(clientSecretTokens(cloud, { tenantId, clientId, secret }, httpClient));
  const sideOf = (name: string): Comparison['source'] =>
    serviceSide(
      createFhirClient({
        name,
        endpoint: sandbox.endpointOf(name),
        kind: 'ahds',
        tokens,
        tenantId,
        httpClient,
        userAgent: 'bench',
      }),
    );
  return {
    source: sideOf('contoso'),
    target: sideOf('clinical'),
    types,
    since: undefined,
    till,
    first,
    history: false,
    progress: () => undefined,
  };
}
