import assert from 'node:assert/strict';
import { contributor, TestService } from '../../contract/rest/fixture.ts';
import { customDefinitions } from '../../sandbox/data/customDefinitions.ts';
import { loadService } from '../../sandbox/data/load.ts';

describe('custom definitions', () => {
  it('are accepted by a service to which they are written', async () => {
    const service = new TestService({ flavour: 'ahds' });
    for (const { type, id, json } of customDefinitions(service.clock.now())) {
      const answer = await service.put(`/${type}/${id}`, JSON.parse(json));
      assert.equal(answer.status, 201, answer.text);
    }
    await service.post('/$reindex', { resourceType: 'Parameters' });
    assert.equal((await service.get('/SearchParameter?_summary=count')).body.total, 5);
  });

  it('are in force on a service that starts with them', async () => {
    const data = [{ kind: 'patients', count: 40 }, { kind: 'customDefinitions' }] as const;
    const service = new TestService({ flavour: 'azureApiForFhir', data });
    await loadService(service.service, service.clock.now());
    const strict = { caller: contributor, headers: { prefer: 'handling=strict' } };
    const total = async (address: string): Promise<number> => (await service.get(address, strict)).body.total ?? -1;
    assert.ok((await total('/Patient?eye-colour=blue&_summary=count')) > 0);
    assert.ok((await total('/Observation?value-unit=kg&_summary=count')) > 0);
    assert.ok((await total('/Condition?noted=gt2000&_summary=count')) > 0);
    const statement = await service.get('/metadata');
    assert.ok(statement.text.includes('https://example.org/fhir/SearchParameter/patient-eye-colour'));
    assert.ok(statement.text.includes('https://example.org/fhir/StructureDefinition/clinic-patient'));
  });
});
