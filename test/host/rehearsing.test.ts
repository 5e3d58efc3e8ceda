import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';

import type { PlanInput } from '../../src/engine/plan.ts';
import { eventually } from './eventually.ts';
import { plan, planFile } from './planned.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, signedIn } from './signedIn.ts';
import { otherTargetName, sourceName, targetName } from './world.ts';

describe('rehearsing a plan', function () {
  this.timeout(120_000);
  const written = (): PlanInput => {
    const document = workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/dress.fhirmigration.json'));
    return JSON.parse(document?.getText() ?? '{}') as PlanInput;
  };

  it('moves nothing before it has said what goes where and was told to', async () => {
    await plan(targetName, 'dress');
    const api = await signedIn();
    const prompts = new ScriptedPrompts({
      'rehearse.slice': ['The newest 10,000 resources'],
      'rehearse.target': [otherTargetName],
      'rehearse.confirm': [undefined],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.rehearse', planFile('dress'));
    assert.deepEqual(prompts.unexpected, []);
    const confirm = prompts.asked.find(({ id }) => id === 'rehearse.confirm');
    assert.equal(confirm?.text, `Move a slice of ${sourceName} to ${otherTargetName}?`);
    assert.equal(
      flat(api.migrations()).some(({ label }) => label.startsWith('Rehearsal of')),
      false,
    );
    assert.equal(written().rehearsals, undefined);
  });

  it('moves the slice into a scratch service, and records it with new predictions in the plan', async () => {
    const api = await signedIn();
    const prompts = new ScriptedPrompts({
      'rehearse.slice': ['The newest 10,000 resources'],
      'rehearse.target': [otherTargetName],
      'rehearse.confirm': ['start'],
      'migration.complete': [undefined],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.rehearse', planFile('dress'));
    const { rehearsals, predictions, target } = await eventually(
      'the record',
      () => {
        const now = written();
        return now.rehearsals === undefined ? undefined : now;
      },
      90_000,
    );
    assert.deepEqual(prompts.unexpected, []);
    const [record] = rehearsals ?? [];
    assert.ok((record?.resources ?? 0) > 0);
    assert.match(record?.target ?? '', /research-northwind|northwind/);
    assert.match(record?.result ?? '', /^Complete; exports of .* resources per second\.$/);
    assert.match(predictions?.basis.join(' ') ?? '', /Rates are those of .* "Rehearsal of dress"/);
    assert.equal(target.name, targetName, 'the plan itself stays as it was');
    assert.ok(flat(api.migrations()).some(({ label }) => label === 'Rehearsal of dress'));
  });
});
