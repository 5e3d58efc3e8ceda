import assert from 'node:assert/strict';
import { packWindow } from '../../../webview/protocol.ts';
import { init, patch, row, snapshot, windowsInFullSwing } from './model.ts';
import { openStage, type Panel, type Stage } from './panelPage.ts';

const total = 50_000;

describe('the panel with 50,000 windows', () => {
  let stage: Stage;
  let panel: Panel;

  before(async () => {
    stage = await openStage();
    panel = await stage.open();
    await panel.send(init, snapshot({}, windowsInFullSwing(total)));
  });
  after(async () => await stage.close());

  const rows = async (): Promise<number> => await panel.page.locator('.row').count();

  it('holds a screenful of rows in the document, and says how many there are', async () => {
    assert.ok((await rows()) < 80);
    assert.equal(await panel.page.locator('.table[role=grid]').getAttribute('aria-rowcount'), String(total + 1));
    assert.match(await panel.page.locator('#tab-windows').innerText(), /50,000/);
    assert.ok((await panel.page.locator('.column').count()) <= 160);
  });

  it('goes from the first to the last row with one key, and scrolls anywhere', async () => {
    await panel.page.locator('.row[tabindex="0"]').focus();
    await panel.page.keyboard.press('End');
    await panel.settled();
    const last = panel.page.locator('.row:focus');
    assert.equal(await last.getAttribute('data-window'), 'w50000');
    assert.equal(await last.getAttribute('aria-rowindex'), String(total + 1));
    await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTo(0, 25_000 * 28));
    await panel.settled();
    assert.equal(await panel.page.locator('[data-window=w25001]').count(), 1);
    assert.ok((await rows()) < 80);
  });

  it('draws each row where it belongs', async () => {
    const offset = await panel.page.locator('[data-window=w25001]').evaluate((element) => {
      const scroller = element.closest('.scroller');
      const header = scroller?.querySelector('thead th');
      if (!scroller || !header) return Number.NaN;
      return element.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
    });
    assert.ok(Math.abs(offset) < 3, String(offset));
  });

  it('changes one row by a patch, counts anew, and leaves the scroll where it was', async () => {
    const before = await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTop);
    await panel.send(
      patch({ windows: [packWindow(row(25_000, 'needsAttention')), packWindow(row(40_000, 'exporting'))] }),
    );
    assert.match(await panel.page.locator('[data-window=w25001]').innerText(), /Needs attention/);
    assert.match(await panel.page.locator('.filter').nth(3).innerText(), /Needs attention 1/);
    assert.equal(await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTop), before);
  });

  it('narrows to the one that needs attention', async () => {
    await panel.page.locator('.filter').nth(3).click();
    await panel.settled();
    assert.equal(await rows(), 1);
    assert.equal(await panel.page.locator('.row').getAttribute('data-window'), 'w25001');
  });

  it('starts at the top of what a filter leaves', async () => {
    await panel.page.locator('.filter').nth(0).click();
    await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTo(0, 500_000));
    await panel.page.locator('.filter').nth(2).click();
    await panel.settled();
    assert.equal(await panel.page.locator('.scroller.windows').evaluate((element) => element.scrollTop), 0);
    assert.equal(await panel.page.locator('.row').first().getAttribute('aria-rowindex'), '2');
  });
});
