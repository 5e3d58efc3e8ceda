import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  missingOnTarget,
  openViews,
  planMigration,
  signIn,
  sourceItem,
  sourceName,
  startPlan,
  targetItem,
  targetName,
  waitForPhase,
} from './steps.ts';
import { openStory } from './story.ts';
import type { Story } from './story.ts';
import type { Workbench } from './workbench/workbench.ts';

/** One person, one window, from the first look to the summary; each test goes on where the one before it ended. */
describe('a migration in the installed extension', function () {
  this.timeout(180_000);
  this.bail(true);
  let story: Story;
  let window: Workbench;

  before(async () => {
    story = await openStory({
      name: 'migration',
      world: {
        services: [
          {
            name: sourceName,
            flavour: 'azureApiForFhir',
            data: [{ kind: 'patients', count: 12, years: 0.5 }],
            exportTiming: { settleMs: 100 },
            place: { subscription: 1 },
          },
          { name: targetName, flavour: 'ahds', place: { subscription: 2, workspace: 'contoso-health' } },
        ],
      },
    });
    window = await openViews(story);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.screenshot(`failed-${this.currentTest.title.slice(0, 60)}`);
  });
  after(() => story.close());

  it('says what the sign-in is for while nobody is signed in', async () => {
    const { welcome } = window.tree('Services');
    await welcome.getByRole('button', { name: 'Sign In to Azure' }).waitFor();
    assert.match(await welcome.innerText(), /No data passes through this computer/);
    assert.match(await window.tree('Migrations').welcome.innerText(), /No migration yet/);
    await window.screenshot('1-signed-out');
  });

  it('shows the services by subscription and workspace once signed in', async () => {
    await signIn(window);
    await window.tree('Services').item(targetItem).waitFor();
    const names = await window.tree('Services').names();
    assert.deepEqual(
      names.map((name) => name.split(',')[0]),
      [
        'Subscription Contoso 1',
        'Azure API for FHIR contoso',
        'Subscription Contoso 2',
        'AHDS workspace contoso-health',
        'AHDS FHIR service clinical',
      ],
    );
    await window.screenshot('2-services');
  });

  it('asks with a way back and in no hurry, and keeps the answers', async () => {
    const { quickInput } = window;
    await window.tree('Services').choose(sourceItem, 'Migrate to…');
    await quickInput.waitFor('Migrate contoso (1/7)');
    await quickInput.options.filter({ hasText: 'This is the source itself.' }).waitFor();
    await window.screenshot('3-choose-target');
    await quickInput.choose(targetName);
    await quickInput.waitFor('Migrate contoso (2/7)');
    // A look at something else leaves the question open.
    await window.tree('Services').item(targetItem).click();
    await quickInput.back();
    await quickInput.waitFor('Migrate contoso (1/7)');
    await quickInput.options.filter({ hasText: targetName }).and(window.page.locator('.focused')).waitFor();
    await quickInput.dismiss();
  });

  it('writes a plan file and reviews it', async () => {
    await planMigration(window);
    const text = await readFile(join(story.workspace, 'contoso-to-clinical.fhirmigration.json'), 'utf8');
    const plan = JSON.parse(text) as { source: { name: string }; target: { name: string } };
    assert.deepEqual([plan.source.name, plan.target.name], [sourceName, targetName]);
    await window.editors.codeLens('preflight passed').waitFor();
    await window.screenshot('4-plan');
  });

  it('moves everything while the panel shows it', async () => {
    await startPlan(window);
    await window.screenshot('5-started');
    await waitForPhase(window, 'Complete');
    await window.notifications.withText('"contoso to clinical" is complete.').waitFor();
    await window.screenshot('6-complete');
    assert.deepEqual(missingOnTarget(story), []);
    assert.match((await window.tree('Migrations').names()).join('\n'), /contoso to clinical.*complete/i);
  });

  it('sums up what was moved', async () => {
    await window.notifications.press('"contoso to clinical" is complete.', 'Open Summary');
    await window.editors.text
      .filter({ hasText: 'Migration: contoso to clinical' })
      .filter({ hasText: 'Exported' })
      .waitFor();
    await window.screenshot('7-summary');
  });

  for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
    it(`shows the panel in the theme ${theme}`, async () => {
      await window.setTheme(theme);
      await window.editors.tab('contoso to clinical').click();
      await window.editors.webview.locator('body').waitFor();
      const colours = await window.editors.webview
        .locator('body')
        .evaluate((body) => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color]);
      assert.equal(new Set(colours).size, 2);
      await window.screenshot(`8-panel-${theme}`);
    });
  }

  it('shows the panel in a narrow window without cutting anything off', async () => {
    await window.setTheme('light');
    await window.page.setViewportSize({ width: 640, height: 900 });
    const root = window.editors.webview.locator('html');
    await window.editors.webview.getByRole('heading', { level: 1 }).waitFor();
    const overflow = await root.evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.equal(overflow, 0);
    await window.screenshot('9-panel-narrow');
    await window.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('lays the metadata of two selected services side by side', async () => {
    const services = window.tree('Services');
    await services.select(sourceItem, targetItem);
    await services.choose(targetItem, 'Compare Metadata…');
    await window.editors.tab(/^Metadata: /).waitFor();
    await window.editors.diffSides.first().filter({ hasText: 'CapabilityStatement' }).waitFor();
    await window.screenshot('10-metadata');
  });
});
