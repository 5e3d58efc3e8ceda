import assert from 'node:assert/strict';
import { packWindow } from '../../../webview/protocol.ts';
import { failure, gone, init, patch, row, snapshot, windowsInFullSwing } from './model.ts';
import { openStage, type OpenOptions, type Panel, type Stage } from './panelPage.ts';

describe('the panel in a browser', () => {
  let stage: Stage;
  let panel: Panel;

  before(async () => {
    stage = await openStage();
  });
  after(async () => await stage.close());
  afterEach(async () => {
    assert.deepEqual(panel.complaints, []);
    assert.deepEqual(panel.requests, []);
    await panel.close();
  });

  async function open(options?: OpenOptions): Promise<Panel> {
    panel = await stage.open(options);
    return panel;
  }
  const text = async (selector: string): Promise<string> =>
    (await panel.page.locator(selector).innerText()).replace(/\s+/g, ' ').trim();
  const button = (name: string): ReturnType<Panel['page']['locator']> =>
    panel.page.getByRole('button', { name, exact: true });

  it('says that it is opening until the host has answered', async () => {
    await open();
    assert.equal(await text('h1'), 'Opening the migration…');
    assert.deepEqual(await panel.sent(), [{ type: 'ready', version: 1 }]);
    await panel.picture('loading');
  });

  it('shows route, phase, progress, throughput, remaining time with its basis, and operations', async () => {
    await open();
    await panel.send(init, snapshot());
    assert.equal(await text('h1'), 'Contoso Health, production');
    assert.equal(await text('.phase'), 'Moving the backlog');
    assert.match(await text('.route'), /contoso-fhir Azure API for FHIR .* health\/prod AHDS FHIR service/);
    assert.match(await text('.bar-words'), /^\d+% [\d,]+ of 3,600,000 resources on the target 33 of 60 windows$/);
    assert.match(await text('.tiles'), /Throughput now 412 .* Average 388 .* Remaining 1 hr 39 mins From the average/);
    assert.equal(await panel.page.locator('.operations .card').count(), 3);
    assert.match(await text('.operations .card:nth-child(3)'), /Import i0033-2 Trying again .* attempt 2/);
    await panel.picture('running');
  });

  it('sends each button’s action, and offers only what the host offers', async () => {
    await open();
    await panel.send(init, snapshot());
    for (const name of ['Pause', 'Cancel Migration', 'Open Journal', 'Copy for Support']) await button(name).click();
    const actions = (await panel.received('action', 4)).map((each) => each.type === 'action' && each.action);
    assert.deepEqual(actions, ['pause', 'cancel', 'openJournal', 'copyForSupport']);
    assert.equal(await button('Resume').count(), 0);
  });

  it('follows patches without losing the place of the focus', async () => {
    await open();
    const first = snapshot();
    await panel.send(init, first);
    await panel.page.locator('[data-window=w0003]').focus();
    await panel.send(
      patch({
        head: { ...first.head, phase: 'paused', controls: ['resume', 'cancel'] },
        windows: [packWindow(row(2, 'importing', { exported: 77 })), packWindow(row(60, 'planned'))],
      }),
    );
    assert.equal(await text('.phase'), 'Paused');
    assert.match(await text('[data-window=w0003]'), /Importing .* 77 /);
    assert.match(await text('#tab-windows'), /61/);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('data-window')), 'w0003');
    await button('Resume').click();
    assert.partialDeepStrictEqual(await panel.received('action'), [{ action: 'resume' }]);
  });

  it('asks for a snapshot when it missed a patch', async () => {
    await open();
    await panel.send(init, snapshot(), patch({ base: 5, revision: 6 }));
    assert.equal((await panel.received('ready', 2)).length, 2);
  });

  it('shows a problem with the server’s words, the next step and its buttons', async () => {
    await open({ theme: 'light' });
    const first = snapshot();
    const rows = windowsInFullSwing().map((each, index) => (index === 12 ? row(12, 'needsAttention') : each));
    await panel.send(
      init,
      snapshot(
        {
          head: { ...first.head, phase: 'needsAttention', driver: 'none', controls: ['retry', 'cancel'] },
          operations: [],
          attention: [{ about: { window: 'w0013' }, failure, actions: ['retry', 'signIn'] }],
        },
        rows,
      ),
    );
    const problem = await text('.attention .problem');
    for (const words of [failure.message, ...failure.diagnostics, failure.nextStep, 'POST /$import', 'Status 413']) {
      assert.ok(problem.includes(words), words);
    }
    await panel.page.getByRole('button', { name: 'Retry: w0013' }).click();
    await panel.page.getByRole('button', { name: 'Show Details: w0013' }).click();
    assert.partialDeepStrictEqual(await panel.received('action', 2), [
      { action: 'retry', about: { window: 'w0013' } },
      { action: 'showFailure', about: { window: 'w0013' } },
    ]);
    await button('Needs attention 1').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.row').count(), 1);
    await panel.page.locator('[data-window=w0013]').click();
    const [question] = await panel.received('ask');
    assert.ok(question?.type === 'ask' && question.window === 'w0013');
    await panel.send({ type: 'answer', version: 1, id: question.id, detail: { files: 14, failure } });
    assert.match(await text('.window-detail'), /Files 14 .* What the server said/);
    await panel.picture('needs attention');
  });

  it('sums up a complete migration by type', async () => {
    await open();
    const first = snapshot();
    const rows = Array.from({ length: 24 }, (_, index) => row(index, 'done'));
    const done = snapshot({}, rows);
    await panel.send(init, {
      ...done,
      operations: [],
      head: { ...first.head, phase: 'complete', controls: ['catchUp'], driver: 'none', endedAt: done.now },
      totals: done.totals.map((each) => ({
        ...each,
        onSource: each.exported,
        onTarget: each.type === 'Claim' ? each.exported - 4 : each.exported,
      })),
    });
    assert.match(
      await text('.ending'),
      /complete .* Already there 12 Failed 0 Duration 3 hrs 20 mins .* contosostaging/,
    );
    for (const next of ['Verify…', 'Cut Over…', 'Clean Up…', 'Open Summary', 'Open Report']) await button(next).click();
    assert.deepEqual(
      (await panel.received('action', 5)).map((message) => 'action' in message && message.action),
      ['verify', 'cutOver', 'cleanUp', 'openSummary', 'openReport'],
    );
    await panel.page.locator('#tab-types').click();
    await panel.settled();
    assert.match(await text('.totals tbody tr:has-text("Claim")'), /differs from the source/);
    assert.equal(await panel.page.locator('.totals tbody tr').count(), 8);
    assert.match(await text('.totals tfoot'), /^All types/);
    await panel.picture('complete');
  });

  it('shows how old the copy of a migration in sync is, second by second, and offers to finish it', async () => {
    await open();
    const first = snapshot();
    const rows = Array.from({ length: 24 }, (_, index) => row(index, 'done'));
    const synced = snapshot({}, rows);
    const head = {
      ...first.head,
      phase: 'syncing' as const,
      controls: ['finish' as const, 'pause' as const, 'cancel' as const],
      sync: {
        purpose: 'cutover' as const,
        lagTargetMs: 900_000,
        copiedUntil: synced.now - 421_000,
        exact: true,
        nextWindowAt: synced.now + 125_000,
      },
      cutover: { state: 'held' as const, at: synced.now - 421_000 },
    };
    await panel.send(init, { ...synced, operations: [], head });
    assert.equal(await text('.phase'), 'In sync');
    assert.match(await text('.tiles'), /Copy lag 7 mins \d+ secs? at most 15 mins is wanted Next window 2 mins/);
    assert.match(await text('.banners'), /^Held at the brink of the cutover: .* for as long as you want.*Cut Over…$/);
    const age = await text('.tiles');
    await panel.page.waitForFunction((before) => document.querySelector('.tiles')?.textContent !== before, age);
    await panel.picture('in sync');
    await button('Finish').click();
    const [asked] = await panel.received('action', 1);
    assert.ok(asked?.type === 'action' && asked.action === 'finish');
    const finish = {
      state: 'written' as const,
      requestedAt: synced.now,
      frozenAt: synced.now,
      changes: 3,
      by: 'search' as const,
    };
    await panel.send({
      type: 'patch',
      version: 1,
      base: 1,
      revision: 2,
      now: synced.now + 60_000,
      head: { ...head, finish, sync: { ...head.sync, purpose: 'follow' } },
    });
    assert.match(await text('.tiles'), /^Recovery point 8 mins/);
    assert.match(await text('.banners'), /was written after you stopped the writes .* finish again/);
    await panel.send({
      type: 'patch',
      version: 1,
      base: 2,
      revision: 3,
      now: synced.now + 400_000,
      head: {
        ...head,
        phase: 'complete',
        controls: ['catchUp', 'keepSyncing'],
        endedAt: synced.now + 400_000,
        finish: { ...finish, state: 'frozen', freezeToDoneMs: 308_000, newestAfter: Date.UTC(2026, 5, 1, 11, 12) },
      },
    });
    assert.match(
      await text('.banners'),
      /source was frozen: its newest change is of .*11:12.* Freeze to done: 5 mins 8 secs/,
    );
    await panel.picture('finished');
  });

  it('says who drives', async () => {
    await open({ width: 700 });
    const first = snapshot();
    await panel.send(init, { ...first, head: { ...first.head, driver: 'other', waiting: 'Throttled until 14:05.' } });
    assert.match(await text('.banners'), /Throttled until 14:05\. Driven by another window/);
    await panel.picture('watching');
    await panel.send(patch({ head: { ...first.head, driver: 'none', controls: ['resume'] } }));
    assert.match(await text('.banners'), /Nobody drives this migration/);
  });

  it('claims no share of a whole that is not known', async () => {
    await open();
    const first = snapshot();
    await panel.send(init, {
      ...first,
      head: { ...first.head, blind: true },
      progress: { ...first.progress, expected: undefined, remainingMs: undefined },
    });
    assert.match(await text('.bar-words'), /^33 of 60 windows known so far/);
    assert.match(await text('.tiles'), /Remaining Unknown/);
    assert.match(await text('.banners'), /Windows appear while the search/);
    await panel.send(patch({ head: { ...first.head, blind: true, phase: 'complete' } }));
    assert.doesNotMatch(await text('.banners'), /Windows appear/);
  });

  it('says that a migration is no longer here, and leads to the list', async () => {
    await open({ width: 700 });
    await panel.send(init, gone);
    assert.match(await text('main'), /no longer here Contoso Health, production Its journal was removed/);
    await button('Show Migrations').click();
    assert.partialDeepStrictEqual(await panel.received('action'), [{ action: 'openMigrations' }]);
    await panel.picture('gone');
  });

  it('keeps how the user looks at it, and shows it so again', async () => {
    await open();
    await panel.send(init, snapshot());
    await button('In flight 7').click();
    await panel.page.locator('#tab-types').click();
    const view = { tab: 'types', filter: 'active' } as const;
    assert.partialDeepStrictEqual((await panel.received('saveView', 2)).at(-1), { view });
    const kept = await panel.kept();
    assert.deepEqual(kept, { version: 1, migrationId: 'm-1', view });
    await panel.close();

    await open({ kept });
    await panel.send(init, snapshot());
    assert.equal(await panel.page.locator('#tab-types').getAttribute('aria-selected'), 'true');
    assert.equal(await panel.page.locator('.totals').count(), 1);
  });

  it('starts anew from something kept that it does not understand', async () => {
    await open({ kept: { version: 99, view: 'all' } });
    await panel.send(init, snapshot());
    assert.equal(await panel.page.locator('#tab-windows').getAttribute('aria-selected'), 'true');
  });

  it('opens an address only through the host', async () => {
    await open();
    await panel.send(init, snapshot());
    const before = panel.page.url();
    await panel.page.locator('a.endpoint').first().click();
    assert.deepEqual(await panel.received('openLink'), [
      { type: 'openLink', version: 1, href: 'https://contoso-fhir.azurehealthcareapis.com' },
    ]);
    assert.equal(panel.page.url(), before);
  });

  it('speaks the language of the editor', async () => {
    await open();
    await panel.send(
      { ...init, locale: 'de', strings: { Pause: 'Anhalten', 'Resource types': 'Ressourcentypen' } },
      snapshot(),
    );
    assert.equal(await button('Anhalten').count(), 1);
    assert.match(await text('#tab-types'), /Ressourcentypen/);
    assert.match(await text('.bar-words'), /3\.600\.000/);
    assert.equal(await panel.page.evaluate(() => document.documentElement.lang), 'de');
  });

  it('drops messages that it does not understand', async () => {
    await open();
    await panel.send(init, snapshot());
    await panel.page.evaluate(() => {
      for (const junk of [null, 7, 'patch', { type: 'patch' }, { type: 'snapshot', version: 1, windows: [[]] }]) {
        window.postMessage(junk, '*');
      }
    });
    await panel.settled();
    assert.equal(await text('h1'), 'Contoso Health, production');
  });
});
