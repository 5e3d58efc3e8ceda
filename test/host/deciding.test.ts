import assert from 'node:assert/strict';
import { commands, window } from 'vscode';

import type { MigrationOverview } from '../../src/engine/overview.ts';
import { eventually } from './eventually.ts';
import { plan, planFile } from './planned.ts';
import { addJobFault, configureService } from './sandboxAdmin.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, signedIn } from './signedIn.ts';
import { otherTargetName } from './world.ts';

async function overviewOf(name: string): Promise<MigrationOverview | undefined> {
  const { ui } = await signedIn();
  return (ui.migrations.states ?? []).find(({ overview }) => overview.name === name)?.overview;
}

async function rowOf(name: string) {
  const api = await signedIn();
  const row = flat(api.migrations()).find(({ label }) => label === name);
  assert.ok(row, `no row ${name}`);
  return row.ref;
}

/** Resolves with the overview of a migration as soon as something about it holds. */
const overviewWhere = (name: string, what: string, holds: (overview: MigrationOverview) => boolean) =>
  eventually(
    what,
    async () => {
      const overview = await overviewOf(name);
      return overview !== undefined && holds(overview) ? overview : undefined;
    },
    60_000,
  );

describe('what a migration leaves to its user', function () {
  this.timeout(120_000);

  it('lists failed lines, and leaves them behind only with a reason and after a question', async () => {
    const refused = { kind: 'refuseLines', every: 2, text: 'Resource type not match.' } as const;
    await addJobFault({ service: otherTargetName, operation: 'import', count: 1, effect: refused });
    // Of a range that is over: a later window would bring lines that changed meanwhile.
    await plan(otherTargetName, 'decided', {
      'migrate.what': ['A date range…'],
      'migrate.since': [''],
      'migrate.till': ['2026-03-01'],
    });
    const api = await signedIn();
    api.setPrompts(new ScriptedPrompts({ 'migration.needsAttention': [undefined] }));
    await commands.executeCommand('fhirMigration.startMigration', planFile('decided'));
    const { windows } = await overviewWhere('decided', 'the refusal', ({ phase }) => phase === 'needsAttention');
    const failed = windows.reduce((sum, window) => sum + window.failed, 0);
    assert.ok(failed > 0);
    await commands.executeCommand('fhirMigration.showFailedLines', await rowOf('decided'));
    const list = window.activeTextEditor?.document.getText() ?? '';
    assert.match(list, /Not a valid resource/);
    const prompts = new ScriptedPrompts({
      'acceptFailedLines.reason': ['Known test data', 'Known test data'],
      'acceptFailedLines.confirm': [undefined, 'accept'],
      'migration.complete': [undefined],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.acceptFailedLines', await rowOf('decided'));
    assert.equal((await overviewOf('decided'))?.phase, 'needsAttention', 'kept open');
    await commands.executeCommand('fhirMigration.acceptFailedLines', await rowOf('decided'));
    const { windows: after } = await overviewWhere('decided', 'the end', ({ phase }) => phase === 'complete');
    const accepted = after.flatMap((window) => (window.accepted === undefined ? [] : [window.accepted]));
    assert.equal(
      accepted.reduce((sum, { lines }) => sum + lines, 0),
      failed,
    );
    assert.ok(accepted.every(({ because }) => because === 'Known test data'));
  });

  it('stops with every running operation listed: those that are picked are cancelled, the others run on', async () => {
    await configureService(otherTargetName, { importTiming: { fixedMs: 3_600_000 } });
    await plan(otherTargetName, 'stopped');
    const api = await signedIn();
    api.setPrompts(new ScriptedPrompts());
    await commands.executeCommand('fhirMigration.startMigration', planFile('stopped'));
    const isRunning = ({ operations }: MigrationOverview): boolean =>
      operations.some(({ kind, jobId }) => kind === 'import' && jobId !== undefined);
    const { operations } = await overviewWhere('stopped', 'an import', isRunning);
    const names = operations.map(({ kind, id }) =>
      kind === 'import' ? `Import ${id} on ${otherTargetName}` : `Export ${id} on contoso`,
    );
    const leave = new ScriptedPrompts({ 'stop.operations': [[]] });
    api.setPrompts(leave);
    await commands.executeCommand('fhirMigration.stop', await rowOf('stopped'));
    const left = await overviewWhere('stopped', 'the stop', ({ phase }) => phase === 'paused');
    assert.deepEqual(
      left.operations.map(({ id }) => id),
      operations.map(({ id }) => id),
      'they run on there',
    );
    assert.deepEqual(leave.asked[0]?.labels, names, 'listed one by one');
    await commands.executeCommand('fhirMigration.resume', await rowOf('stopped'));
    await overviewWhere('stopped', 'that it goes on', ({ phase }) => phase === 'backlog' || phase === 'catchUp');
    api.setPrompts(new ScriptedPrompts({ 'stop.operations': [names] }));
    await commands.executeCommand('fhirMigration.stop', await rowOf('stopped'));
    const stopped = await overviewWhere('stopped', 'the end', ({ phase }) => phase === 'paused');
    assert.deepEqual(stopped.operations, [], 'nothing runs on');
    await configureService(otherTargetName, { importTiming: {} });
    api.setPrompts(new ScriptedPrompts({ 'cancel.confirm': ['cancel'] }));
    await commands.executeCommand('fhirMigration.cancel', await rowOf('stopped'));
    await overviewWhere('stopped', 'the cancellation', ({ phase }) => phase === 'cancelled');
  });
});
