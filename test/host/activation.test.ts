import assert from 'node:assert/strict';
import { extensions } from 'vscode';

describe('activation', () => {
  it('activates the extension under development', async () => {
    const extension = extensions.getExtension('fhir-migration.fhir-migration-for-azure');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
