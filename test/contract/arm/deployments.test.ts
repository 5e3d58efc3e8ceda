import assert from 'node:assert/strict';
import { arm, errorCode, send, useSandbox, type Reply } from './fixture.ts';

const apiVersion = '2022-09-01';

describe('Microsoft.Resources/deployments', () => {
  const sandbox = useSandbox();
  const group = (): string => sandbox().resourceIdOf('clinical').split('/').slice(0, 5).join('/');
  const at = (name: string): string => `${group()}/providers/Microsoft.Resources/deployments/${name}`;
  const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
    arm(sandbox(), method, path, { apiVersion, ...(body === undefined ? {} : { body }) });
  const workspace = (name: unknown): object => ({
    ...{ type: 'Microsoft.HealthcareApis/workspaces', apiVersion: '2024-03-31', name },
    ...{ location: '[resourceGroup().location]', properties: {} },
  });
  const service = {
    ...{ type: 'Microsoft.HealthcareApis/workspaces/fhirservices', apiVersion: '2024-03-31' },
    ...{ name: "[format('{0}/{1}', parameters('w'), 'fone')]", location: 'westeurope', kind: 'fhir-R4' },
    ...{ properties: {}, dependsOn: ["[resourceId('Microsoft.HealthcareApis/workspaces', parameters('w'))]"] },
  };
  const body = (resources: readonly object[], w = 'made'): object => ({
    properties: {
      mode: 'Incremental',
      template: { parameters: { w: { type: 'string', defaultValue: 'x' } }, resources },
      parameters: { w: { value: w } },
    },
  });
  async function follow(reply: Reply): Promise<Reply> {
    const url = reply.headers['azure-asyncoperation'] ?? '';
    for (let look = 0; look < 30; look += 1) {
      const polled = await send(sandbox(), 'GET', url, { token: await sandbox().token(sandbox().armEndpoint) });
      if (!(polled.json.status === 'Accepted' || polled.json.status === 'Running')) return polled;
    }
    throw new Error('The deployment did not end.');
  }

  it('makes resources one after the other, as they depend on each other, and lists its operations', async () => {
    const started = await call('PUT', at('one'), body([service, workspace("[parameters('w')]")]));
    assert.equal(started.status, 201);
    assert.equal((await follow(started)).json.status, 'Succeeded');
    const made = await arm(
      sandbox(),
      'GET',
      `${group()}/providers/Microsoft.HealthcareApis/workspaces/made/fhirservices/fone`,
    );
    assert.equal(made.status, 200);
    const { text } = await call('GET', `${at('one')}/operations`);
    assert.match(text, /"resourceName":"made\/fone"/);
    assert.match((await call('GET', at('one'))).text, /"provisioningState":"Succeeded"/);
  });

  it("refuses a template that is wrong, and fails in the provider's words for what it refuses", async () => {
    const wrong = await call('POST', `${at('two')}/validate`, body([workspace("[nonsense('x')]")]));
    assert.equal(errorCode(wrong), 'InvalidTemplate');
    const started = await call('PUT', at('two'), body([workspace('a'), workspace('fine')]));
    const { json, text } = await follow(started);
    assert.equal(json.status, 'Failed');
    assert.match(text, /InvalidResourceName/);
    assert.match((await call('GET', `${at('two')}/operations`)).text, /"statusMessage".*InvalidResourceName/);
  });

  it('starts nothing more once it is cancelled, and cannot be cancelled twice', async () => {
    const started = await call('PUT', at('three'), body([service, workspace("[parameters('w')]")], 'late'));
    assert.equal((await call('POST', `${at('three')}/cancel`)).status, 204);
    assert.equal((await follow(started)).json.status, 'Canceled');
    assert.equal((await call('POST', `${at('three')}/cancel`)).status, 409);
    assert.equal(
      (await arm(sandbox(), 'GET', `${group()}/providers/Microsoft.HealthcareApis/workspaces/late`)).status,
      404,
    );
    assert.equal((await call('GET', at('never'))).status, 404);
  });
});
