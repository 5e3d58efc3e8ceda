import assert from 'node:assert/strict';
import { assertOutcome, idsOf, issuesIn, patient, TestService, type Answer, type Body } from './fixture.ts';

function parameter(id: string, members: Record<string, unknown> = {}): Body {
  return {
    resourceType: 'SearchParameter',
    id,
    url: `https://example.org/fhir/SearchParameter/${id}`,
    name: id,
    status: 'active',
    description: 'A test',
    code: id,
    base: ['Patient'],
    type: 'string',
    expression: "Patient.extension.where(url='x').value",
    ...members,
  };
}

const strict = { headers: { prefer: 'handling=strict' } };

async function reindexed(service: TestService): Promise<Answer> {
  const started = await service.post('/$reindex', { resourceType: 'Parameters' });
  assert.equal(started.status, 201, started.text);
  const done = await service.get(started.headers['Content-Location'] ?? '');
  assert.equal(done.body.parameter?.find(({ name }) => name === 'status')?.valueString, 'Completed');
  return done;
}

async function listedInMetadata(service: TestService, url: string): Promise<boolean> {
  return (await service.get('/metadata')).text.includes(`"definition":"${url}"`);
}

describe('life of a custom search parameter', () => {
  const withEyes = async (): Promise<TestService> => {
    const service = new TestService({ flavour: 'ahds' });
    await service.have(patient('p1', { extension: [{ url: 'x', valueString: 'blue' }] }));
    await service.have(patient('p2', { extension: [{ url: 'y', valueString: 'blue' }] }));
    return service;
  };
  const url = 'https://example.org/fhir/SearchParameter/eyes';

  it('works only after its reindex', async () => {
    const service = await withEyes();
    assert.equal((await service.post('/SearchParameter', parameter('eyes'))).status, 201);
    const before = await service.get('/Patient?eyes=blue');
    assert.deepEqual(idsOf(before), ['p1', 'p2']);
    const text = "The search parameter 'eyes' is not supported for resource type 'Patient'.";
    assert.equal(issuesIn(before)[0]?.diagnostics, text);
    assertOutcome(await service.get('/Patient?eyes=blue', strict), 400, 'invalid', text);
    assert.equal(await listedInMetadata(service, url), false);
    await reindexed(service);
    assert.deepEqual(idsOf(await service.get('/Patient?eyes=blue', strict)), ['p1']);
    assert.equal(await listedInMetadata(service, url), true);
  });

  it('can be used on what is indexed before, on demand', async () => {
    const service = await withEyes();
    await service.post('/SearchParameter', parameter('eyes'));
    const headers = { 'x-ms-use-partial-indices': 'true', prefer: 'handling=strict' };
    assert.deepEqual(idsOf(await service.get('/Patient?eyes=blue', { headers })), ['p1']);
  });

  it('is the only kind that a search for SearchParameters finds', async () => {
    const service = await withEyes();
    assert.deepEqual(idsOf(await service.get('/SearchParameter?_count=1000')), []);
    await service.put('/SearchParameter/eyes', parameter('eyes'));
    assert.deepEqual(idsOf(await service.get('/SearchParameter?_count=1000')), ['eyes']);
  });

  it('waits for a reindex again when it is changed', async () => {
    const service = await withEyes();
    await service.put('/SearchParameter/eyes', parameter('eyes'));
    await reindexed(service);
    const expression = "Patient.extension.where(url='y').value";
    assert.equal((await service.put('/SearchParameter/eyes', parameter('eyes', { expression }))).status, 200);
    assert.equal((await service.get('/Patient?eyes=blue', strict)).status, 400);
    await reindexed(service);
    assert.deepEqual(idsOf(await service.get('/Patient?eyes=blue', strict)), ['p2']);
  });

  it('gives its old url up for a new one', async () => {
    const service = await withEyes();
    await service.put('/SearchParameter/eyes', parameter('eyes'));
    await reindexed(service);
    const moved = 'https://example.org/fhir/SearchParameter/moved';
    await service.put('/SearchParameter/eyes', parameter('eyes', { url: moved }));
    await reindexed(service);
    assert.equal(await listedInMetadata(service, url), false);
    assert.equal(await listedInMetadata(service, moved), true);
  });

  for (const [query, after] of [
    ['', 410],
    ['?hardDelete=true', 404],
  ] as const) {
    it(`stays readable after its delete${query} until the reindex, then is ${after}`, async () => {
      const service = await withEyes();
      await service.put('/SearchParameter/eyes', parameter('eyes'));
      await reindexed(service);
      assert.equal((await service.delete(`/SearchParameter/eyes${query}`)).status, 204);
      assert.equal((await service.get('/SearchParameter/eyes')).status, 200);
      assert.equal((await service.get('/Patient?eyes=blue', strict)).status, 400);
      await reindexed(service);
      assert.equal((await service.get('/SearchParameter/eyes')).status, after);
      assert.equal((await service.post('/SearchParameter', parameter('eyes'))).status, 201, 'its url is free again');
    });
  }

  it('is in force at once when it was stored before the service started', async () => {
    const service = await withEyes();
    const json = JSON.stringify(parameter('eyes'));
    const version = { type: 'SearchParameter', id: 'eyes', versionId: '1', lastUpdated: 1, deleted: false, json };
    service.service.store.put({ ...version, method: 'PUT' });
    service.service.adoptStoredParameters();
    assert.deepEqual(idsOf(await service.get('/Patient?eyes=blue', strict)), ['p1']);
  });
});

describe('refused search parameters', () => {
  const post = (members: Record<string, unknown>): Promise<Answer> =>
    new TestService({ flavour: 'ahds' }).post('/SearchParameter', parameter('mine', members));
  const url = 'https://example.org/fhir/SearchParameter/mine';
  const long = `https://example.org/${'x'.repeat(120)}`;
  const conflict = (code: string, base: string): string =>
    `A search parameter with the same code value '${code}' already exists for base type '${base}'.`;
  const refusals: readonly (readonly [string, Record<string, unknown>, string | RegExp])[] = [
    ['no url', { url: undefined }, 'The search parameter defintion is missing the Uri.'],
    ['a relative url', { url: 'mine' }, 'SearchParameter[mine].url is invalid.'],
    ['a long url', { url: long }, `Search Parameter URL ${long} exceeds the maximum length limit of 128`],
    ['no base', { base: undefined }, /cardinality is 1/],
    ['an unknown base', { base: ['foo'] }, "Literal 'foo' is not a valid value for enumeration 'ResourceType'"],
    ['no type', { type: undefined }, /cardinality 1 cannot be null/],
    ['an unknown type', { type: 'foo' }, "Literal 'foo' is not a valid value for enumeration 'SearchParamType'"],
    ['no expression', { expression: '' }, /not supported/],
    [
      'bad syntax',
      { expression: 'bad syntax' },
      'The search parameter definition contains one or more invalid entries.',
    ],
    ['an unknown function', { expression: 'Patient.name.shuffle()' }, /invalid entries/],
    [
      'a property that the type lacks',
      { base: ['Encounter'], type: 'reference', expression: 'Encounter.diagnosis.foo' },
      "Can't find 'Encounter.diagnosis.foo' in type 'Encounter'",
    ],
    [
      'values that the type of search cannot index',
      { base: ['Encounter'], type: 'quantity', expression: 'Encounter.diagnosis.condition' },
      'The provided search parameter type Quantity is not supported for the given expression Encounter.diagnosis.condition.',
    ],
    ['a code of the specification with another type', { code: 'birthdate' }, conflict('birthdate', 'Patient')],
    [
      'a code of the specification with another expression',
      { code: 'gender', type: 'token', expression: 'Patient.maritalStatus' },
      conflict('gender', 'Patient'),
    ],
    ['a code that a general parameter has', { code: '_tag' }, conflict('_tag', 'Patient')],
    [
      'a general base with a code that a type has',
      { code: 'gender', base: ['Resource'] },
      conflict('gender', 'Resource'),
    ],
  ];
  for (const [what, members, diagnostics] of refusals) {
    it(`have ${what}`, async () => {
      const answer = await post(members);
      assert.equal(answer.status, 400, answer.text);
      const found = answer.body.issue?.[0]?.diagnostics ?? '';
      if (typeof diagnostics === 'string') assert.equal(found, diagnostics);
      else assert.match(found, diagnostics);
    });
  }

  it('say what follows from a definition that cannot be indexed', async () => {
    const [, second] = (await post({ expression: 'bad syntax' })).body.issue ?? [];
    assert.match(second?.diagnostics ?? '', /^An error occurred creating the custom search parameter\./);
  });

  it('have the url of another one', async () => {
    const service = new TestService({ flavour: 'ahds' });
    await service.put('/SearchParameter/mine', parameter('mine'));
    const text = `A search parameter with the same definition URL '${url}' already exists.`;
    assertOutcome(await service.post('/SearchParameter', parameter('mine')), 400, 'invalid', text);
    assertOutcome(await service.put('/SearchParameter/other', parameter('other', { url })), 400, 'invalid', text);
    assert.equal((await service.put('/SearchParameter/mine', parameter('mine'))).status, 200, 'the same again');
  });

  it('may share a code when one expression contains the other', async () => {
    const wider = { code: 'active', type: 'token', expression: 'Patient.active | Patient.maritalStatus' };
    assert.equal((await post(wider)).status, 201);
    assert.equal((await post({ code: 'gender', type: 'token', expression: 'Patient.gender' })).status, 201);
  });

  it('are those of the specification', async () => {
    const service = new TestService({ flavour: 'ahds' });
    const builtIn = 'http://hl7.org/fhir/SearchParameter/Patient-active';
    const text = `The search parameter with Uri '${builtIn}' is defined by the FHIR specification and cannot be updated or deleted. Custom search parameters must use a different URL.`;
    const put = await service.put('/SearchParameter/x', parameter('x', { url: builtIn }));
    assertOutcome(put, 405, 'forbidden', text);
    assertOutcome(await service.delete('/SearchParameter/Patient-active'), 405, 'forbidden', text);
  });

  it('are unknown when they are to be deleted', async () => {
    const answer = await new TestService({ flavour: 'ahds' }).delete('/SearchParameter/none');
    assert.equal(answer.status, 404);
  });

  it('are written at the same time as another', async () => {
    const service = new TestService({ flavour: 'ahds' });
    const writes = ['a', 'b', 'c'].map((id) => service.put(`/SearchParameter/${id}`, parameter(id)));
    const answers = await Promise.all(writes);
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 400, 400],
    );
    const refused = answers.find(({ status }) => status === 400);
    assert.match(refused?.body.issue?.[0]?.diagnostics ?? '', /^Optimistic concurrency conflict detected/);
  });

  it('appear twice in one transaction', async () => {
    const service = new TestService({ flavour: 'ahds' });
    const send = (...resources: readonly Body[]): Promise<Answer> => {
      const entry = resources.map((resource) => ({ request: { method: 'POST', url: 'SearchParameter' }, resource }));
      return service.post('/', { resourceType: 'Bundle', type: 'transaction', entry });
    };
    const codes = await send(parameter('a', { code: 'same' }), parameter('b', { code: 'same' }));
    assertOutcome(codes, 400, 'invalid', 'Input search parameters have duplicate codes [(Patient, same)]');
    const urls = await send(parameter('a', { url }), parameter('b', { url }));
    assertOutcome(urls, 400, 'invalid', `Input search parameters have duplicate Urls [${url}].`);
    assert.equal((await send(parameter('a'), parameter('b'))).status, 200);
  });
});
