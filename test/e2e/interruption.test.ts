import assert from 'node:assert/strict';

import {
  missingOnTarget,
  openViews,
  planMigration,
  signIn,
  sourceName,
  startPlan,
  targetName,
  waitForPhase,
} from './steps.ts';
import { openStory } from './story.ts';
import type { Story } from './story.ts';
import type { Workbench } from './workbench/workbench.ts';

/** An import lasts an hour of the sandbox, until a test lets the hour pass. */
const importMs = 3_600_000;

describe('a migration that is interrupted', function () {
  this.timeout(180_000);
  this.bail(true);
  let story: Story;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    story = await openStory({
      name: 'interruption',
      world: {
        services: [
          {
            name: sourceName,
            flavour: 'azureApiForFhir',
            data: [{ kind: 'patients', count: 8, years: 0.3 }],
            exportTiming: { settleMs: 100 },
          },
          { name: targetName, flavour: 'ahds', importTiming: { fixedMs: importMs } },
        ],
      },
    });
    first = await openViews(story);
    await signIn(first);
    await planMigration(first);
    await startPlan(first);
    await waitForPhase(first, 'Moving the backlog');
    await first.editors.webview
      .getByText(/\d+ of \d+ windows/)
      .first()
      .waitFor();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await first.screenshot(`failed-${this.currentTest.title.slice(0, 60)}`);
  });
  after(() => story.close());

  it('is watched live by a second window', async () => {
    second = await openViews(story);
    await second
      .tree('Migrations')
      .item(/contoso to clinical/)
      .waitFor();
    await second
      .tree('Migrations')
      .item(/contoso to clinical/)
      .click();
    await second.editors.webview.getByText('Driven by another window').waitFor();
    await second.screenshot('20-second-window');
    await second.page.close();
  });

  it('is offered to be resumed after a reload, with its panel where it was', async () => {
    await first.reload();
    await first.editors.webview.getByRole('heading', { level: 1, name: 'contoso to clinical' }).waitFor();
    await first.notifications.withText('was interrupted').waitFor();
    await first.screenshot('21-resume-offer');
  });

  it('goes on where it was, and ends with everything on the target', async () => {
    const imports = story.sandbox.jobs(targetName).filter(({ operation }) => operation === 'import').length;
    assert.ok(imports > 0);
    story.sandbox.configure(targetName, { importTiming: {} });
    story.sandbox.clock.advance(importMs);
    await first.notifications.press('was interrupted', 'Resume');
    await waitForPhase(first, 'Complete');
    await first.screenshot('22-resumed-to-the-end');
    assert.deepEqual(missingOnTarget(story), []);
  });
});
