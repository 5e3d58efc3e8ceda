import assert from 'node:assert/strict';
import { commands, env, window } from 'vscode';

import { eventually } from './eventually.ts';
import { addFault, clearFaults } from './sandboxAdmin.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, serviceRow, signedIn } from './signedIn.ts';
import { testApi } from './testApi.ts';
import { definitionsName, otherTargetName, sourceName, targetName } from './world.ts';

describe('the Services view', () => {
  afterEach(() => clearFaults());

  it('says that nobody is signed in before anybody is', async () => {
    const api = await testApi();
    await commands.executeCommand('fhirMigration.services.focus');
    await eventually('the signed-out state', () => api.contextKey('servicesState') === 'signedOut');
    assert.deepEqual(api.services(), []);
  });

  it('shows services by subscription and workspace after signing in with a client secret', async () => {
    const api = await signedIn();
    await eventually('the shown state', () => api.contextKey('servicesState') === 'shown');
    const rows = api.services();
    const places = flat(rows).map(({ contextValue, label }) => `${contextValue.split(';')[1] ?? ''} ${label}`);
    assert.deepEqual(places.slice(0, 8), [
      'subscription Contoso 1',
      `service ${sourceName}`,
      'subscription Contoso 2',
      `service ${definitionsName}`,
      'workspace clinical',
      `service ${targetName}`,
      'workspace research',
      `service ${otherTargetName}`,
    ]);
    const source = await serviceRow(api, sourceName);
    assert.match(source.accessibleLabel, /^Azure API for FHIR contoso, FHIR R4, westeurope, ready/);
    assert.match(source.description, /Azure API for FHIR · R4/);
  });

  it('marks rows so that menus offer what fits', async () => {
    const api = await signedIn();
    const source = await serviceRow(api, sourceName);
    const target = await serviceRow(api, targetName);
    assert.match(source.contextValue, /;canBeSource/);
    assert.doesNotMatch(source.contextValue, /;canBeTarget/);
    assert.match(target.contextValue, /;canBeTarget/);
    assert.match(target.contextValue, /;inAzure/);
  });

  it('shows what cannot be loaded as a node with its cause, beside what can', async () => {
    const api = await signedIn();
    await addFault({
      service: 'arm',
      path: `services/${sourceName}\\?`,
      count: 1000,
      effect: { kind: 'status', status: 403, body: '{"error":{"code":"AuthorizationFailed","message":"No right."}}' },
    });
    await commands.executeCommand('fhirMigration.refresh');
    const problem = await eventually('a problem', () =>
      flat(api.services()).find(({ contextValue }) => contextValue.startsWith(';problem;')),
    );
    assert.match(problem.accessibleLabel, /^Problem with /);
    assert.match(problem.contextValue, /;forbidden;.*canRetry/);
    await serviceRow(api, targetName);
    await commands.executeCommand('fhirMigration.showProblem', problem.ref);
    const shown = await eventually('the details', () => window.activeTextEditor?.document.getText().includes('403'));
    assert.equal(shown, true);
    await clearFaults();
    await commands.executeCommand('fhirMigration.retryProblem', problem.ref);
    await eventually('that the problem is gone', () =>
      flat(api.services()).every(({ contextValue }) => !contextValue.startsWith(';problem;')),
    );
    await serviceRow(api, sourceName);
  });

  it('copies the endpoint of the clicked service', async () => {
    const api = await signedIn();
    const source = await serviceRow(api, sourceName);
    await commands.executeCommand('fhirMigration.copyEndpoint', source.ref);
    const copied = await eventually('the copy', async () => (await env.clipboard.readText()).includes('/fhir/contoso'));
    assert.equal(copied, true);
  });

  it('opens the portal at the clicked service', async () => {
    const api = await signedIn();
    const prompts = new ScriptedPrompts();
    api.setPrompts(prompts);
    const source = await serviceRow(api, sourceName);
    await commands.executeCommand('fhirMigration.openInPortal', source.ref);
    assert.equal(prompts.opened.length, 1);
    assert.match(prompts.opened[0] ?? '', /Microsoft\.HealthcareApis\/services\/contoso/i);
  });

  it('lays the normalised metadata of two selected services side by side', async () => {
    const api = await signedIn();
    const [source, target] = [await serviceRow(api, sourceName), await serviceRow(api, targetName)];
    await commands.executeCommand('fhirMigration.compareMetadata', source.ref, [source.ref, target.ref]);
    const tab = await eventually('the diff', () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.startsWith('Metadata: ')),
    );
    assert.match(tab.label, /contoso.*↔.*contoso-clinical/);
    await window.tabGroups.close(tab);
  });
});
