import assert from 'node:assert/strict';
import { failure, init, snapshot } from './model.ts';
import { openStage, type Panel, type Stage } from './panelPage.ts';

describe('the panel by keyboard alone', () => {
  let stage: Stage;
  let panel: Panel;

  before(async () => {
    stage = await openStage();
  });
  after(async () => await stage.close());
  beforeEach(async () => {
    panel = await stage.open();
    await panel.send(init, snapshot());
  });
  afterEach(async () => await panel.close());

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await panel.page.keyboard.press(key);
      await panel.settled();
    }
  };
  /** Name of what has the focus, through shadow roots. */
  const focused = async (): Promise<string> =>
    await panel.page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('data-window') ?? element?.id ?? '';
    });
  const focusedName = async (): Promise<string> =>
    await panel.page.evaluate(() => {
      const element = document.activeElement === document.body ? null : document.activeElement;
      const label = element?.getAttribute('aria-label') ?? (element instanceof HTMLElement ? element.innerText : '');
      return label.replace(/\s+/g, ' ').trim();
    });

  it('reaches everything in reading order, with the table as one stop', async () => {
    const order: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      await press('Tab');
      const name = (await focused()) || (await focusedName());
      if (order.includes(name) || name === '') break;
      order.push(name);
    }
    assert.deepEqual(order, [
      'Pause',
      'Cancel Migration',
      'Open Journal',
      'Copy for Support',
      'contoso-fhir.azurehealthcareapis.com',
      'health-prod.fhir.azurehealthcareapis.com',
      'tab-windows',
      'All 60',
      'In flight 7',
      'Waiting 20',
      'Needs attention 0',
      'Finished 33',
      'w0001',
    ]);
  });

  it('shows where the focus is, on every stop', async () => {
    for (let index = 0; index < 13; index += 1) {
      await press('Tab');
      const outline = await panel.page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element === null ? '' : getComputedStyle(element).outlineStyle;
      });
      assert.equal(outline, 'solid', await focusedName());
    }
  });

  it('presses buttons with Enter and Space', async () => {
    await press('Tab', 'Enter', 'Tab', 'Space');
    const actions = (await panel.received('action', 2)).map((each) => each.type === 'action' && each.action);
    assert.deepEqual(actions, ['pause', 'cancel']);
  });

  it('moves through the windows, opens one, and comes back with Escape', async () => {
    await panel.page.locator('.row[tabindex="0"]').focus();
    await press('ArrowDown', 'ArrowDown');
    assert.equal(await focused(), 'w0003');
    await press('End');
    assert.equal(await focused(), 'w0060');
    await press('PageUp');
    const above = await focused();
    assert.ok(above < 'w0060' && above > 'w0003', above);
    await press('Home', 'ArrowUp');
    assert.equal(await focused(), 'w0001');
    await press('ArrowDown', 'Enter');
    assert.equal(await focused(), 'window-detail-title');
    const [question] = await panel.received('ask');
    assert.ok(question?.type === 'ask');
    await panel.send({ type: 'answer', version: 1, id: question.id, detail: { files: 2, failure } });
    await press('Tab', 'Escape');
    assert.equal(await panel.page.locator('.window-detail').count(), 0);
    assert.equal(await focused(), 'w0002');
  });

  it('keeps the row in sight that has the focus', async () => {
    await panel.page.locator('.row[tabindex="0"]').focus();
    for (let index = 0; index < 30; index += 1) await press('ArrowDown');
    const hidden = await panel.page.evaluate(() => {
      const row = document.activeElement?.getBoundingClientRect();
      const scroller = document.querySelector('.scroller.windows')?.getBoundingClientRect();
      const header = document.querySelector('.windows thead th')?.getBoundingClientRect();
      if (!row || !scroller || !header) return true;
      return row.top < header.bottom - 1 || row.bottom > scroller.bottom + 1;
    });
    assert.equal(await focused(), 'w0031');
    assert.equal(hidden, false);
  });

  it('keeps the focus on a row that is scrolled away, and goes on from there', async () => {
    await panel.page.locator('.row[tabindex="0"]').focus();
    await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTo(0, 1_000));
    await panel.settled();
    assert.equal(await focused(), 'w0001');
    await press('ArrowDown');
    assert.equal(await focused(), 'w0002');
  });

  it('moves between the tabs with the arrow keys', async () => {
    await panel.page.locator('#tab-windows').focus();
    await press('ArrowRight');
    assert.equal(await focused(), 'tab-types');
    await press('ArrowLeft', 'ArrowLeft');
    assert.equal(await focused(), 'tab-details');
    assert.equal(await panel.page.locator('#tab-details').getAttribute('aria-selected'), 'true');
    await press('Home');
    assert.equal(await focused(), 'tab-windows');
  });

  it('filters with Space and keeps the focus on the filter', async () => {
    await panel.page.locator('.filter').nth(2).focus();
    await press('Space');
    assert.match(await focusedName(), /^Waiting/);
    assert.equal(await panel.page.locator('.table[role=grid]').getAttribute('aria-rowcount'), '21');
  });
});
