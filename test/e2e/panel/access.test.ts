import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { HostMessage } from '../../../webview/protocol.ts';
import { failure, gone, init, patch, row, snapshot, windowsInFullSwing } from './model.ts';
import { openStage, type OpenOptions, type Panel, type Stage } from './panelPage.ts';
import { themeNames } from './themes.ts';

function needsAttention(): HostMessage {
  const rows = windowsInFullSwing(14).map((each, index) => (index === 1 ? row(1, 'needsAttention') : each));
  const base = snapshot({}, rows);
  return {
    ...base,
    head: { ...base.head, phase: 'needsAttention', driver: 'none', controls: ['retry', 'cancel'], waiting: 'Waiting.' },
    attention: [{ about: { window: 'w0002' }, failure, actions: ['retry'] }],
    notes: ['A note.'],
    totals: base.totals.map((each, index) =>
      index === 0 ? { ...each, failed: 3, unaccounted: 1, onSource: 5, onTarget: 4 } : each,
    ),
  };
}

function complete(): HostMessage {
  const base = snapshot({}, [row(0, 'done'), row(1, 'done')]);
  return {
    ...base,
    operations: [],
    head: { ...base.head, phase: 'complete', controls: ['catchUp'], endedAt: base.now },
  };
}

describe('access to the panel', () => {
  let stage: Stage;
  let panel: Panel;
  let axe: string;

  before(async () => {
    stage = await openStage();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(async () => await stage.close());
  afterEach(async () => await panel.close());

  async function open(options: OpenOptions, ...messages: readonly HostMessage[]): Promise<void> {
    panel = await stage.open(options);
    if (messages.length > 0) await panel.send(init, ...messages);
  }

  async function openDetail(): Promise<void> {
    await panel.page.locator('[data-window=w0002]').click();
    const question = (await panel.received('ask')).at(-1);
    assert.ok(question?.type === 'ask');
    await panel.send({ type: 'answer', version: 1, id: question.id, detail: { files: 14, failure } });
  }

  /** What axe finds wrong, each with the elements. */
  async function violations(without: readonly string[] = []): Promise<readonly string[]> {
    await panel.page.evaluate(axe);
    const results = await panel.page.evaluate(
      async () => await (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    const counted = results.violations.filter(({ id }) => !without.includes(id));
    return counted.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }

  for (const theme of themeNames) {
    it(`is clean for axe in every state, ${theme}`, async () => {
      await open({ theme });
      assert.deepEqual(await violations(), [], 'loading');
      await panel.send(init, snapshot({}, windowsInFullSwing(14)));
      assert.deepEqual(await violations(), [], 'running');
      await panel.picture(`running ${theme}`);
      await panel.send(needsAttention());
      await openDetail();
      assert.deepEqual(await violations(), [], 'needs attention');
      await panel.picture(`needs attention ${theme}`);
      for (const tab of ['types', 'details']) {
        await panel.page.locator(`#tab-${tab}`).click();
        await panel.settled();
        assert.deepEqual(await violations(), [], tab);
        await panel.picture(`${tab} ${theme}`);
      }
      await panel.send(complete());
      assert.deepEqual(await violations(), [], 'complete');
      await panel.send(gone);
      assert.deepEqual(await violations(), [], 'gone');
    });
  }

  for (const { name, options } of [
    { name: '320 pixels', options: { width: 320 } },
    { name: '200 % zoom', options: { width: 1_000, zoom: 2 } },
    { name: '400 % zoom', options: { width: 1_280, zoom: 4 } },
  ]) {
    it(`needs no scrolling sideways at ${name}, except inside its tables`, async () => {
      await open(options, needsAttention());
      await openDetail();
      for (const tab of ['windows', 'types', 'details']) {
        await panel.page.locator(`#tab-${tab}`).click();
        await panel.settled();
        const [content, visible] = await panel.page.evaluate(
          () => [document.documentElement.scrollWidth, innerWidth] as const,
        );
        assert.ok(content <= visible, `${tab}: ${content} of ${visible}`);
        assert.deepEqual(await overflowing(), [], tab);
      }
      await panel.picture(name);
      assert.deepEqual(await violations(), []);
    });
  }

  /** Elements outside a table that stand out of the page to the right. */
  async function overflowing(): Promise<readonly string[]> {
    return await panel.page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((element) => element.closest('.scroller, .hidden') === null)
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => `${element.localName}.${element.getAttribute('class') ?? ''}`),
    );
  }

  it('shows states by more than colour when the system forces its colours', async () => {
    await open({ forcedColors: true }, needsAttention());
    // The system chooses these colours, and axe reads the ones that it replaces.
    assert.deepEqual(await violations(['color-contrast']), []);
    const heights = await panel.page.evaluate(() =>
      ['finished', 'active', 'waiting', 'attention'].map(
        (group) => document.querySelector(`.column.group-${group}`)?.getAttribute('height') ?? '',
      ),
    );
    assert.equal(new Set(heights).size, 4, heights.join());
    await panel.picture('forced colours');
  });

  it('moves nothing for people who asked for less motion', async () => {
    const animations = async (): Promise<number> =>
      await panel.page.evaluate(
        () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
      );
    await open({});
    assert.equal(await animations(), 1);
    await panel.page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await animations(), 0);
    await panel.close();
    await open({ reducedMotion: true });
    assert.equal(await animations(), 0);
  });

  it('gives drawings a sentence, progress a value, and parts of the page names', async () => {
    await open({}, snapshot());
    const images = await panel.page
      .getByRole('img')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    assert.match(
      images[0] ?? '',
      /^From 1 Jun 2026, 08:00 to .* resources per second at the end, .* on average, .* at most\.$/,
    );
    assert.match(images[1] ?? '', /^60 windows .* 33 finished, 7 in flight, 20 waiting, 0 need attention\.$/);
    const tree = await panel.page.locator('body').ariaSnapshot();
    for (const line of [
      /- main:/,
      /- heading "Contoso Health, production" \[level=1\]/,
      /- group "Actions":/,
      /- progressbar "Progress"/,
      /- region "Operations in flight 3"/,
      /- tab "Windows 60" \[selected\]/,
      /- group "Show windows":/,
      /- button "All 60" \[pressed\]/,
      /- grid "Windows of the migration/,
      /- row "w0001 Done beginning 31 Jan 2019, 00:00 48,211 48,211 0 1 15m"/,
    ]) {
      assert.match(tree, line);
    }
  });

  it('announces a change of state politely and a problem once as an alert', async () => {
    await open({}, snapshot());
    const said = async (role: 'status' | 'alert'): Promise<string> =>
      (await panel.page.locator(`[role=${role}]`).textContent()) ?? '';
    assert.match(await said('status'), /^Moving the backlog\. 33 of 60 windows/);
    const base = snapshot();
    await panel.send(patch({ progress: { ...base.progress, windowsDone: 34 } }));
    assert.match(await said('status'), /33 of 60/, 'a small step is not announced');
    await panel.send(
      patch({
        base: 2,
        revision: 3,
        head: { ...base.head, phase: 'needsAttention' },
        attention: [{ about: {}, failure, actions: [] }],
      }),
    );
    assert.match(await said('status'), /^Needs attention\./);
    assert.equal(await said('alert'), failure.message);
    await panel.send(patch({ base: 3, revision: 4, attention: [] }));
    assert.equal(await said('alert'), '');
  });
});
