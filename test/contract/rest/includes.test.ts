import assert from 'node:assert/strict';
import { base, type Answer, linkOf, patient, TestService } from './fixture.ts';

const reference = (name: string) => ({ subject: { reference: name } });

async function withReferences(): Promise<TestService> {
  const service = new TestService({ flavour: 'ahds' });
  for (const id of ['p1', 'p2']) await service.have(patient(id));
  const observation = { resourceType: 'Observation', status: 'final' };
  await service.have({ ...observation, id: 'o1', ...reference('Patient/p1') });
  await service.have({ ...observation, id: 'o2', ...reference('Patient/p1') });
  await service.have({ ...observation, id: 'o3', ...reference('Patient/gone') });
  return service;
}

const entriesOf = ({ body }: Answer): readonly string[] =>
  (body.entry as { resource: { resourceType: string; id: string }; search: { mode: string } }[]).map(
    ({ resource, search }) => `${search.mode} ${resource.resourceType}/${resource.id}`,
  );

describe('_include and _revinclude', () => {
  it('bring what the matches refer to, each once, after the matches', async () => {
    const answer = await (await withReferences()).get('/Observation?_include=Observation:subject');
    assert.deepEqual(entriesOf(answer), [
      'match Observation/o1',
      'match Observation/o2',
      'match Observation/o3',
      'include Patient/p1',
    ]);
    assert.equal(linkOf(answer, 'self'), `${base}/Observation?_include=Observation:subject`);
  });

  it('bring what refers to the matches', async () => {
    const answer = await (await withReferences()).get('/Patient?_revinclude=Observation:patient');
    assert.deepEqual(entriesOf(answer), [
      'match Patient/p1',
      'match Patient/p2',
      'include Observation/o1',
      'include Observation/o2',
    ]);
  });

  it('ignore what is no reference', async () => {
    const answer = await (await withReferences()).get('/Observation?_include=Observation:status');
    assert.equal(linkOf(answer, 'self'), `${base}/Observation`);
  });
});
