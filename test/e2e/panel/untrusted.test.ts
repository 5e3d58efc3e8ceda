import assert from 'node:assert/strict';
import { parseHostMessage, type HostMessage, type SnapshotMessage } from '../../../webview/protocol.ts';
import { failure, gone, init, row, snapshot } from './model.ts';
import { markup } from './markup.ts';
import { openStage, type Panel, type Stage } from './panelPage.ts';

/** Elements that the page itself makes; any other one came in with a text. */
const own = new Set(
  (
    'html head meta link title body script div main header section article h1 h2 h3 p span strong b a ul li dl dt dd ' +
    'figure figcaption svg path rect circle progress table caption thead tbody tfoot tr th td button vscode-button details summary'
  ).split(' '),
);

/** The value with every text in it replaced by what `next` makes of it; `path` is where the text stands. */
function rewritten(value: unknown, next: (text: string, path: string) => string, path = ''): unknown {
  if (typeof value === 'string') return next(value, path);
  if (Array.isArray(value)) return value.map((each: unknown, index) => rewritten(each, next, `${path}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, rewritten(inner, next, `${path}/${name}`)]),
  );
}

/** The message with every text in it replaced that is free to be anything: the protocol itself says which ones are. */
function dresser<Message extends HostMessage>(message: Message): (next: () => string) => Message {
  const paths: string[] = [];
  rewritten(message, (text, path) => {
    paths.push(path);
    return text;
  });
  const free = paths.filter((path) => {
    const changed = rewritten(message, (text, each) => (each === path ? (markup[0] ?? '') : text));
    return parseHostMessage(changed) !== undefined;
  });
  assert.ok(free.length > 0);
  return (next) => rewritten(message, (text, path) => (free.includes(path) ? next() : text)) as Message;
}

/** Milliseconds for tests that draw the page hundreds of times, on a machine that is busy with others. */
const hundredsOfTurns = 240_000;

function everything(): SnapshotMessage {
  const base = snapshot({}, [row(0, 'done'), row(1, 'needsAttention'), row(2, 'importing', { kind: 'catchUp' })]);
  return {
    ...base,
    head: {
      ...base.head,
      phase: 'needsAttention',
      driver: 'none',
      controls: ['retry', 'cancel'],
      waiting: 'Waiting.',
      exportMode: 'One export.',
    },
    attention: [
      { about: { window: 'w0002' }, failure, actions: ['retry', 'signIn'] },
      { about: { operation: 'i0002-1' }, failure, actions: [] },
    ],
    notes: ['A note.'],
  };
}

describe('texts of servers on the panel', () => {
  let stage: Stage;
  let panel: Panel;

  before(async () => {
    stage = await openStage();
  });
  after(async () => await stage.close());
  beforeEach(async () => {
    panel = await stage.open();
    await panel.page.evaluate(() => {
      Object.assign(window, {
        executions: 0,
        pwned: () => ((window as unknown as { executions: number }).executions += 1),
      });
    });
  });
  afterEach(async () => await panel.close());

  /** What came of the texts on the page: foreign elements, handlers, addresses that are not https, executions. */
  async function damage(): Promise<readonly string[]> {
    return await panel.page.evaluate(
      (known) => {
        const found: string[] = [];
        const all = [...document.querySelectorAll('*')];
        for (const element of all) {
          if (!known.includes(element.localName)) found.push(`element ${element.localName}`);
          for (const { name, value } of element.attributes) {
            // Set through the object model: heights of the gaps between drawn rows, and the toolkit's colours.
            if (name === 'style' && element.closest('.gap') !== null && /^height: \d+px;$/.test(value)) continue;
            if (name === 'style' && element === document.body && !value.includes('evil')) continue;
            if (name.startsWith('on') || name === 'style' || name === 'srcdoc') found.push(`attribute ${name}`);
            if (name === 'href' && !/^(https:|\w+\.css$)/.test(value)) found.push(`address ${value}`);
          }
        }
        const { executions } = window as unknown as { executions: number };
        if (executions > 0) found.push(`${executions} executions`);
        return found;
      },
      [...own],
    );
  }

  /** Clicks without waiting for the page to come to rest: there are hundreds of clicks. */
  const press = async (selector: string): Promise<void> => {
    await panel.page.evaluate((each) => document.querySelector<HTMLElement>(each)?.click(), selector);
  };

  it('are at least 200 attempts to break out', () => {
    assert.ok(new Set(markup).size >= 200, String(new Set(markup).size));
  });

  it('stay texts in every field: nothing runs, loads, or becomes an element', async function () {
    this.timeout(hundredsOfTurns);
    const dressed = dresser(everything());
    await panel.send(init, everything());
    await panel.page.locator('[data-window=w0002]').click();
    const [question] = await panel.received('ask');
    assert.ok(question?.type === 'ask');
    for (let turn = 0; turn < markup.length; turn += 1) {
      // Each field gets another text in each turn, so that every text passes through every field.
      let field = turn;
      const next = (): string => markup[field++ % markup.length] ?? '';
      const message = dressed(next);
      const tab = ['windows', 'types', 'details'][turn % 3];
      await press(`#tab-${tab}`);
      await panel.send(message);
      assert.deepEqual(await damage(), [], `turn ${turn}`);
      const shown = await panel.page.locator('h1').textContent();
      assert.equal(shown, message.head.name);
    }
    assert.deepEqual(panel.complaints, []);
    assert.deepEqual(panel.requests, []);
    assert.ok((await panel.sent()).every(({ type }) => ['ready', 'saveView', 'ask'].includes(type)));
  });

  it('stay texts in the details of a window, in the words of a translation, and in the last message', async function () {
    this.timeout(hundredsOfTurns);
    await panel.send(init, everything());
    await press('[data-window=w0002]');
    for (const text of markup) {
      // The window is open, so the page asks for its details anew with every snapshot.
      await panel.send({ ...init, strings: { 'Open Journal': text, 'Window {0}': `${text}{0}` } }, everything());
      const question = (await panel.sent()).at(-1);
      assert.ok(question?.type === 'ask');
      await panel.send(
        dresser({ type: 'answer', version: 1, id: question.id, detail: { files: 1, failure } })(() => text),
      );
      assert.deepEqual(await damage(), [], text);
    }
    const dressed = dresser(gone);
    for (const text of markup) {
      const strings = { 'This migration is no longer here': text, 'Show Migrations': text };
      await panel.send(
        { ...init, strings },
        dressed(() => text),
      );
      assert.deepEqual(await damage(), [], text);
    }
    assert.deepEqual(panel.complaints, []);
    assert.deepEqual(panel.requests, []);
  });

  it('become a link only when they are an https address, and then the host decides', async () => {
    for (const endpoint of ['javascript:pwned()', 'http://contoso.example', 'file:///etc/passwd', 'not an address']) {
      const message = snapshot();
      const source = { ...message.head.source, endpoint };
      await panel.send(init, { ...message, head: { ...message.head, source } });
      assert.equal(await panel.page.locator('a.endpoint').count(), 1, endpoint);
      assert.equal(await panel.page.locator('span.endpoint').textContent(), endpoint);
    }
  });
});
