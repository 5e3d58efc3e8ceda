import assert from 'node:assert/strict';
import { extname } from 'node:path';
import { savedAs } from '../../../src/ui/platform/savedAs.ts';

describe('the extensions of a save dialog', () => {
  /** What VS Code's own dialog makes of a name: it looks at the last part of it, and adds the first extension. */
  const saved = (name: string, extensions: readonly string[]): string =>
    extensions.includes(extname(name).slice(1)) ? name : `${name}.${extensions[0] ?? ''}`;

  it('are added to a bare name, and not twice to one that has them', () => {
    assert.equal(saved('night', savedAs('fhirmigration.json')), 'night.fhirmigration.json');
    assert.equal(saved('night.fhirmigration.json', savedAs('fhirmigration.json')), 'night.fhirmigration.json');
    assert.equal(saved('clinical.target.bicep', savedAs('target.bicep')), 'clinical.target.bicep');
    assert.equal(saved('report', savedAs('html')), 'report.html');
  });
});
