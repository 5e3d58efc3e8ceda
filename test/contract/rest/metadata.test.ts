import assert from 'node:assert/strict';
import { authority, base, TestService, type Answer } from './fixture.ts';

interface Statement {
  readonly resourceType: string;
  readonly url: string;
  readonly fhirVersion: string;
  readonly software: { readonly name: string; readonly version: string };
  readonly rest: readonly {
    readonly security: {
      readonly extension: readonly { readonly extension: readonly { readonly valueUri: string }[] }[];
    };
    readonly interaction: readonly { readonly code: string }[];
    readonly operation: readonly { readonly name: string; readonly definition: string }[];
    readonly resource: readonly {
      readonly type: string;
      readonly interaction: readonly { readonly code: string }[];
      readonly searchParam: readonly { readonly name: string; readonly definition: string; readonly type: string }[];
      readonly searchRevInclude?: readonly string[];
      readonly supportedProfile?: readonly string[];
    }[];
  }[];
}

function statementIn(answer: Answer): Statement {
  assert.equal(answer.status, 200);
  return answer.body as unknown as Statement;
}

const codesOf = (list: readonly { readonly code: string }[] | undefined): readonly string[] =>
  (list ?? []).map(({ code }) => code);

describe('GET /metadata', () => {
  const gen1 = new TestService({ flavour: 'azureApiForFhir' });
  const ahds = new TestService({ flavour: 'ahds' });

  it('names the service, its version and where to sign in', async () => {
    const statement = statementIn(await ahds.get('/metadata'));
    assert.equal(statement.resourceType, 'CapabilityStatement');
    assert.equal(statement.url, `${base}/metadata`);
    assert.equal(statement.fhirVersion, '4.0.1');
    assert.equal(statement.software.name, 'FHIR Server for Azure');
    const uris = statement.rest[0]?.security.extension[0]?.extension.map(({ valueUri }) => valueUri);
    assert.deepEqual(uris, [`${authority}/oauth2/v2.0/authorize`, `${authority}/oauth2/v2.0/token`]);
    const stu3 = new TestService({ flavour: 'azureApiForFhir', fhirVersion: '3.0.2' });
    assert.equal(statementIn(await stu3.get('/metadata')).fhirVersion, '3.0.2');
  });

  it('has the size of a real one', async () => {
    const { text, body } = await ahds.get('/metadata');
    assert.ok(text.length > 1_250_000 && text.length < 1_450_000, `${text.length}`);
    const resources = (body as unknown as Statement).rest[0]?.resource ?? [];
    assert.ok(resources.length > 130);
    const parameters = resources.reduce((sum, { searchParam }) => sum + searchParam.length, 0);
    const reverse = resources.reduce((sum, { searchRevInclude }) => sum + (searchRevInclude?.length ?? 0), 0);
    assert.ok(parameters > 2_600 && parameters < 3_000, `${parameters} parameters`);
    assert.ok(reverse > 12_000 && reverse < 13_500, `${reverse} reverse includes`);
  });

  it('tells the generations apart by transactions and operations', async () => {
    const [one] = statementIn(await gen1.get('/metadata')).rest;
    const [two] = statementIn(await ahds.get('/metadata')).rest;
    assert.deepEqual(codesOf(one?.interaction), ['history-system', 'batch']);
    assert.deepEqual(codesOf(two?.interaction), ['history-system', 'batch', 'transaction']);
    const operations = (rest: typeof one): readonly string[] => (rest?.operation ?? []).map(({ name }) => name);
    for (const name of ['search-parameter-status', 'includes']) {
      assert.equal(operations(one).includes(name), false, name);
      assert.equal(operations(two).includes(name), true, name);
    }
    for (const rest of [one, two]) {
      assert.ok(operations(rest).includes('export'));
      assert.equal(operations(rest).includes('import'), false, 'import is never listed');
    }
  });

  it('lists what can be done with each type', async () => {
    const resources = statementIn(await ahds.get('/metadata')).rest[0]?.resource ?? [];
    const of = (type: string): (typeof resources)[number] | undefined => resources.find((one) => one.type === type);
    assert.equal(of('Parameters'), undefined);
    assert.ok(codesOf(of('Patient')?.interaction).includes('delete'));
    const audit = codesOf(of('AuditEvent')?.interaction);
    for (const code of ['update', 'patch', 'delete']) assert.equal(audit.includes(code), false, code);
    const birthdate = of('Patient')?.searchParam.find(({ name }) => name === 'birthdate');
    assert.equal(birthdate?.definition, 'http://hl7.org/fhir/SearchParameter/individual-birthdate');
    assert.ok(of('Patient')?.searchRevInclude?.includes('Observation:patient'));
  });

  it('lists the profiles on the service', async () => {
    const service = new TestService({ flavour: 'ahds' });
    const url = 'https://example.org/fhir/StructureDefinition/mine';
    const profile = {
      url,
      kind: 'resource',
      type: 'Patient',
      derivation: 'constraint',
      name: 'Mine',
      status: 'active',
    };
    await service.have({ resourceType: 'StructureDefinition', id: 'mine', ...profile, abstract: false });
    const resources = statementIn(await service.get('/metadata')).rest[0]?.resource;
    assert.deepEqual(resources?.find(({ type }) => type === 'Patient')?.supportedProfile, [url]);
  });

  it('can be cut, and refuses bad formats', async () => {
    const cut = await ahds.get('/metadata?_elements=software');
    assert.deepEqual(Object.keys(cut.body), [
      'resourceType',
      'status',
      'date',
      'kind',
      'software',
      'fhirVersion',
      'format',
    ]);
    assert.equal((await ahds.get('/metadata?_summary=true')).status, 200);
    assert.equal((await ahds.get('/metadata?_format=blah')).status, 406);
    for (const query of ['_pretty=abc', '_pretty=', '_summary=abc', '_summary=', '_elements=']) {
      assert.equal((await ahds.get(`/metadata?${query}`)).status, 400, query);
    }
  });
});

describe('GET /$versions', () => {
  it('answers JSON or FHIR JSON by Accept', async () => {
    const service = new TestService({ flavour: 'ahds' });
    for (const accept of ['application/json', 'application/fhir+json']) {
      const answer = await service.get('/$versions', { headers: { accept } });
      assert.equal(answer.headers['Content-Type'], `${accept}; charset=utf-8`);
      assert.deepEqual(answer.body, { versions: ['4.0'], default: '4.0' });
    }
    assert.equal((await service.get('/$versions', { headers: { accept: 'text/html' } })).status, 406);
  });
});
