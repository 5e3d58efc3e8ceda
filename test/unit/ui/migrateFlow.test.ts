import assert from 'node:assert/strict';
import { back } from '../../../src/ui/platform/prompts.ts';
import { askForMigration, scopeOf, type MigrateFlowPorts } from '../../../src/ui/plan/migrateFlow.ts';
import { syncOf } from '../../../src/ui/plan/endingChoices.ts';
import { waysOf } from '../../../src/ui/plan/wayChoices.ts';
import type { LastChoices } from '../../../src/ui/platform/memory.ts';
import { ScriptedPrompts, type Line } from '../../host/scriptedPrompts.ts';
import { ahds, service } from './samples.ts';

const nothingBefore: LastChoices = {
  targetOf: {},
  stagingOf: {},
  what: undefined,
  types: [],
  history: false,
  softDeleted: true,
  ending: undefined,
  folder: undefined,
};
const statement = JSON.stringify({
  resourceType: 'CapabilityStatement',
  rest: [{ resource: [{ type: 'Patient' }, { type: 'Observation' }, { type: 'SearchParameter' }] }],
});

function ports(script: Readonly<Record<string, readonly Line[]>>, change: Partial<MigrateFlowPorts> = {}) {
  const prompts = new ScriptedPrompts(script);
  const all: MigrateFlowPorts = {
    prompts,
    services: (show) => {
      show([service()], true);
      show([service(), ahds(), ahds({ name: 'old', fhirVersion: '3.0' })], false);
      return () => undefined;
    },
    metadata: () => Promise.resolve(statement),
    last: nothingBefore,
    folders: [{ name: 'work', address: 'file:///work' }],
    ...change,
  };
  return { prompts, all };
}

const straight = {
  'migrate.target': ['clinical'],
  'migrate.staging': ['contosostaging'],
  'migrate.what': ['Everything'],
  'migrate.versions': [['Deleted resources']],
  'migrate.ending': ['It ends'],
  'migrate.name': ['Contoso'],
  'migrate.folder': ['work'],
};

describe('the questions of a migration', () => {
  it('end in all answers', async () => {
    const answers = await askForMigration(service(), ports(straight).all);
    assert.equal(answers?.target.name, 'clinical');
    assert.equal(answers.staging, 'contosostaging');
    assert.equal(answers.folder, 'file:///work');
    assert.deepEqual(scopeOf(answers), { history: false, softDeleted: true });
  });

  it('list services that cannot be the target with the reason', async () => {
    const { prompts, all } = ports(straight);
    await askForMigration(service(), all);
    const { labels } = prompts.asked[0] ?? { labels: [] };
    assert.ok(labels.some((label) => label.startsWith('old: It speaks FHIR STU3')));
    assert.ok(labels.some((label) => label.startsWith('contoso: This is the source itself')));
  });

  it('offer the types that the source has, without search parameters', async () => {
    const { prompts, all } = ports({
      ...straight,
      'migrate.what': ['Some resource types…'],
      'migrate.types': [['Patient']],
    });
    const answers = await askForMigration(service(), all);
    assert.deepEqual(prompts.asked.find(({ id }) => id === 'migrate.types')?.labels, ['Observation', 'Patient']);
    assert.ok(answers);
    assert.deepEqual(scopeOf(answers).resourceTypes, ['Patient']);
  });

  it('let types be typed when the source does not tell them', async () => {
    const script = { ...straight, 'migrate.what': ['Some resource types…'], 'migrate.types': ['Patient, Encounter'] };
    const silent = { metadata: () => Promise.reject(new Error('503')) };
    const answers = await askForMigration(service(), ports(script, silent).all);
    assert.deepEqual(answers?.types, ['Patient', 'Encounter']);
  });

  it('ask for both ends of a range, and leave out what is left empty', async () => {
    const script = {
      ...straight,
      'migrate.what': ['A date range…'],
      'migrate.since': ['2024-01-01'],
      'migrate.till': [''],
    };
    const answers = await askForMigration(service(), ports(script).all);
    assert.ok(answers);
    assert.deepEqual(scopeOf(answers), { since: '2024-01-01', history: false, softDeleted: true });
  });

  it('set a plan to be kept in sync, or to follow, and remember nothing of it where the range has an end', async () => {
    for (const [label, ending] of [
      ['Keep in sync until cutover', 'cutover'],
      ['Follow for disaster recovery', 'follow'],
    ] as const) {
      const answers = await askForMigration(service(), ports({ ...straight, 'migrate.ending': [label] }).all);
      assert.equal(answers?.ending, ending);
      assert.deepEqual(syncOf(ending), { sync: { purpose: ending, lagTargetSeconds: 900 } });
    }
    assert.deepEqual(syncOf('end'), {});
    const range = {
      ...straight,
      'migrate.what': ['A date range…'],
      'migrate.since': [''],
      'migrate.till': ['2024-01-01'],
      'migrate.ending': [],
    };
    const { prompts, all } = ports(range);
    assert.equal((await askForMigration(service(), all))?.ending, undefined);
    assert.ok(!prompts.asked.some(({ id }) => id === 'migrate.ending'));
  });

  it('take searches of the chosen types, which leave out what sources refuse with them', async () => {
    const script = {
      ...straight,
      'migrate.what': ['Some resource types…'],
      'migrate.types': [['Patient', 'Observation']],
      'migrate.versions': [['Older versions', 'Deleted resources', 'Only what a search finds…']],
    };
    const typed = { ...script, 'migrate.filters': ['Observation?status=final  Patient?active=true'] };
    const answers = await askForMigration(service(), ports(typed).all);
    assert.ok(answers);
    assert.deepEqual(scopeOf(answers), {
      resourceTypes: ['Patient', 'Observation'],
      history: false,
      softDeleted: false,
      typeFilters: ['Observation?status=final', 'Patient?active=true'],
    });
    for (const [wrong, words] of [
      ['Encounter?status=final', /not among the types/],
      ['Observation', /not a type and a search/],
      [' ', /At least one search/],
    ] as const)
      await assert.rejects(askForMigration(service(), ports({ ...script, 'migrate.filters': [wrong] }).all), words);
    const { prompts, all } = ports(straight);
    await askForMigration(service(), all);
    const offered = prompts.asked.find(({ id }) => id === 'migrate.versions')?.labels;
    assert.ok(offered?.includes('De-identified…') && !offered.includes('Only what a search finds…'));
  });

  it('set exports per type, at certain hours', async () => {
    const ways = ['One export for each type', 'At certain hours only…'];
    const script: Record<string, readonly Line[]> = {
      ...straight,
      'migrate.versions': [ways, ways],
      'migrate.calendar': [back, 'At other hours…'],
      'migrate.exports': ['sat-sun'],
      'migrate.imports': [''],
      'migrate.timeZone': ['UTC'],
      'migrate.running': ['It is left to finish'],
    };
    const answers = await askForMigration(service(), ports(script).all);
    assert.ok(answers);
    assert.deepEqual(scopeOf(answers), { history: false, softDeleted: false });
    assert.deepEqual(waysOf(answers), {
      options: { perType: true },
      calendar: {
        timeZone: 'UTC',
        exports: [{ days: ['saturday', 'sunday'], from: '00:00', till: '24:00' }],
        running: 'drain',
      },
    });
    const plain = await askForMigration(service(), ports(straight).all);
    assert.ok(plain);
    assert.deepEqual(waysOf(plain), {});
  });

  it('take another staging account by name', async () => {
    const script = { ...straight, 'migrate.staging': ['Another account…'], 'migrate.otherStaging': ['otherstaging'] };
    assert.equal((await askForMigration(service(), ports(script).all))?.staging, 'otherstaging');
  });

  it('forget a range that was taken back on the way', async () => {
    const script: Record<string, readonly Line[]> = {
      ...straight,
      'migrate.what': ['A date range…', 'Everything'],
      'migrate.since': ['2024-01-01', back],
      'migrate.till': [back],
    };
    const answers = await askForMigration(service(), ports(script).all);
    assert.ok(answers);
    assert.deepEqual(scopeOf(answers), { history: false, softDeleted: true });
  });

  it('skip the folder when no folder is open', async () => {
    const { prompts, all } = ports(straight, { folders: [] });
    assert.equal((await askForMigration(service(), all))?.folder, 'ask');
    assert.ok(!prompts.asked.some(({ id }) => id === 'migrate.folder'));
  });

  it('give nothing when the user leaves', async () => {
    assert.equal(await askForMigration(service(), ports({ 'migrate.target': [undefined] }).all), undefined);
  });
});
