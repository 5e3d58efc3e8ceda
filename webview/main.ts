import { config } from '@vscode/l10n';
import { render } from 'lit/html.js';
import * as v from 'valibot';
import { announce, problemKey, type Announced } from './announcement.ts';
import { formatsFor } from './format.ts';
import { parseHostMessage, protocolVersion, savedViewSchema, type ViewMessage } from './protocol.ts';
import { initialState, reduce, type PanelEvent } from './state.ts';
import { isMoving } from './words.ts';
import type { ViewContext } from './view/context.ts';
import { registerControls } from './view/controls.ts';
import { page, type Spoken } from './view/page.ts';
import { viewportOf } from './view/windowTable.ts';

/*
 * The panel's page. The document that the host gives needs nothing but main.css as a style sheet and this script: the
 * page fills the body. It needs no 'unsafe-inline', no images, no fonts and no connections.
 */

interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** What the editor keeps of the page, and hands to the host when it restores the panel. */
const rememberedSchema = v.object({
  version: v.literal(protocolVersion),
  migrationId: v.string(),
  view: savedViewSchema,
});

const api = acquireVsCodeApi();
const remembered = v.safeParse(rememberedSchema, api.getState());
let state = initialState(remembered.success ? remembered.output : undefined);
let formats = formatsFor(state.locale);
let spoken: Spoken = { polite: '', alert: '' };
let announced: Announced | undefined;
let problems: ReadonlySet<string> = new Set();
let settledWish = 0;
let scheduled = false;

const root = document.createElement('div');
document.body.append(root);
registerControls();

function dispatch(event: PanelEvent): void {
  const before = state;
  const step = reduce(state, event);
  state = step.state;
  if (state.view !== before.view || state.migrationId !== before.migrationId) remember();
  step.send.forEach((message) => api.postMessage(message));
  if (state.content !== before.content) speak();
  schedule();
}

function remember(): void {
  if (state.migrationId === undefined) return;
  api.setState({ version: protocolVersion, migrationId: state.migrationId, view: state.view });
}

function speak(): void {
  if (state.content.kind !== 'live') return;
  const { sections } = state.content;
  const next = announce(announced, sections, Date.now(), formats);
  announced = next.announced;
  const fresh = sections.attention.filter((item) => !problems.has(problemKey(item)));
  problems = new Set(sections.attention.map(problemKey));
  spoken = {
    polite: next.text ?? spoken.polite,
    alert:
      fresh.length > 0 ? fresh.map(({ failure }) => failure.message).join(' ') : problems.size > 0 ? spoken.alert : '',
  };
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    draw();
  });
}

function draw(): void {
  const offset = state.content.kind === 'live' ? state.content.clockOffset : 0;
  const context: ViewContext = { formats, now: Date.now() + offset, dispatch };
  render(page(state, spoken, context), root);
  fitTable();
  settleFocus();
}

/** The table's height is known only once it is there. */
function fitTable(): void {
  const scroller = root.querySelector('.scroller.windows');
  if (scroller === null) return;
  const { top, height } = viewportOf(scroller);
  if (top !== state.scroll.top || height !== state.scroll.height) dispatch({ type: 'scroll', top, height });
}

function settleFocus(): void {
  const { target, wish } = state.focus;
  if (wish === settledWish) return;
  settledWish = wish;
  const selector = target === 'row' ? '.row[tabindex="0"]' : '#window-detail-title';
  root.querySelector<HTMLElement>(selector)?.focus({ preventScroll: target === 'row' });
}

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = parseHostMessage(data);
  if (message === undefined) return;
  if (message.type === 'init') {
    config({ contents: message.strings });
    formats = formatsFor(message.locale);
    document.documentElement.lang = message.locale;
  }
  dispatch({ type: 'message', message, at: Date.now() });
});
addEventListener('resize', schedule);

// Durations and waits that are shown grow by themselves.
setInterval(() => {
  if (state.content.kind === 'live' && isMoving(state.content.sections.head.phase)) schedule();
}, 1_000);

draw();
api.postMessage({ type: 'ready', version: protocolVersion });
