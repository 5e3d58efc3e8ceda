import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { WindowRow } from '../protocol.ts';
import { gapAfter, scrolledTo, slices, type Viewport } from '../slices.ts';
import type { Live, PanelState } from '../state.ts';
import { filterWords, windowStateWords } from '../words.ts';
import { windowFilters } from '../windowList.ts';
import type { ViewContext } from './context.ts';
import { icon, windowIcon } from './icons.ts';

/** Height of a row in CSS pixels; the style sheet says the same. */
export const rowHeight = 28;

const columns = 9;

/** The windows with their filter. Only the rows in sight are in the document, whatever the number of windows. */
export function windowTable(live: Live, state: PanelState, context: ViewContext): TemplateResult {
  const { shown } = live;
  const active = shown.findIndex(({ id }) => id === state.activeWindow);
  const viewport: Viewport = { ...state.scroll, rowHeight };
  const drawn = slices(shown.length, viewport, active < 0 ? 0 : active).flatMap(({ index, gapBefore }) => {
    const row = shown[index];
    return row === undefined ? [] : [{ row, index, gapBefore }];
  });
  const draw = ({ row, index, gapBefore }: (typeof drawn)[number]): TemplateResult =>
    html`${gap(gapBefore)}${line(row, index, index === Math.max(0, active), state, context)}`;
  return html`${filters(live, state, context)}
  ${
    shown.length === 0
      ? html`<p class="empty">
          ${live.windows.rows.length === 0 ? noWindows() : l10n.t('No window is in this state.')}
        </p>`
      : html`<div
          class="scroller windows"
          @scroll=${(event: Event) => measure(event.currentTarget, context)}
          @keydown=${(event: KeyboardEvent) => move(event, live.shown, active, context)}
        >
          <table class="table" role="grid" aria-rowcount=${shown.length + 1} aria-colcount=${columns}>
            <caption class="hidden">
              ${l10n.t('Windows of the migration. Arrow keys move, Enter opens the details.')}
            </caption>
            <thead>
              ${headings()}
            </thead>
            <tbody>
              ${repeat(drawn, ({ row }) => row.id, draw)} ${gap(gapAfter(shown.length, drawn))}
            </tbody>
          </table>
        </div>`
  }`;
}

function noWindows(): string {
  return l10n.t('No windows yet: they are laid out when the migration starts.');
}

function filters({ windows }: Live, state: PanelState, context: ViewContext): TemplateResult {
  return html`<div class="filters" role="group" aria-label=${l10n.t('Show windows')}>
    ${windowFilters.map(
      (filter) =>
        html`<button
          type="button"
          class="filter"
          aria-pressed=${state.view.filter === filter}
          @click=${() => {
            document.querySelector('.scroller.windows')?.scrollTo(0, 0);
            context.dispatch({ type: 'filter', filter });
          }}
        >
          ${filterWords(filter)} <span class="quiet">${context.formats.count(windows.counts[filter])}</span>
        </button>`,
    )}
  </div>`;
}

function headings(): TemplateResult {
  const texts = [l10n.t('Window'), l10n.t('State'), l10n.t('Since (UTC)'), l10n.t('Till (UTC)')];
  const numbers = [l10n.t('Exported'), l10n.t('Imported'), l10n.t('Failed'), l10n.t('Attempts'), l10n.t('Duration')];
  return html`<tr aria-rowindex="1">
    ${texts.map((text) => html`<th scope="col">${text}</th>`)}
    ${numbers.map((text) => html`<th scope="col" class="number">${text}</th>`)}
  </tr>`;
}

/** Stands for rows that are not drawn. Its height is set through the object model: the policy forbids style attributes. */
function gap(rows: number): TemplateResult | typeof nothing {
  if (rows === 0) return nothing;
  const size = (element: Element | undefined): void => {
    if (element instanceof HTMLElement) element.style.height = `${rows * rowHeight}px`;
  };
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${columns} ${ref(size)}></td>
  </tr>`;
}

function line(
  row: WindowRow,
  index: number,
  focusable: boolean,
  state: PanelState,
  context: ViewContext,
): TemplateResult {
  const { formats } = context;
  const { name, tone } = windowIcon(row.state);
  const open = state.open?.id === row.id;
  return html`<tr
    class="row"
    data-window=${row.id}
    aria-rowindex=${index + 2}
    aria-selected=${open}
    tabindex=${focusable ? 0 : -1}
    @click=${() => context.dispatch({ type: 'open', window: row.id, focus: false })}
  >
    <th scope="row">
      ${row.id}${row.kind === 'catchUp' ? html` <span class="quiet">${l10n.t('catch-up')}</span>` : nothing}
    </th>
    <td><span class="state tone-${tone}">${icon(name)}${windowStateWords(row.state)}</span></td>
    <td>${row.since === undefined ? l10n.t('beginning') : formats.bound(row.since)}</td>
    <td>${formats.bound(row.till)}</td>
    <td class="number">${formats.count(row.exported)}</td>
    <td class="number">${formats.count(row.imported)}</td>
    <td class="number ${row.failed > 0 ? 'tone-bad' : ''}">${formats.count(row.failed)}</td>
    <td class="number">${formats.count(row.attempts)}</td>
    <td class="number">${windowDuration(row, context)}</td>
  </tr>`;
}

/** How long a window took, or takes so far. */
export function windowDuration({ startedAt, endedAt }: WindowRow, { formats, now }: ViewContext): string {
  return startedAt === undefined ? '–' : formats.span((endedAt ?? now) - startedAt);
}

/** Visible part of the rows: the header stays on top and hides none. */
export function viewportOf(scroller: Element): Viewport {
  const header = scroller.querySelector('thead')?.getBoundingClientRect().height ?? 0;
  return { top: scroller.scrollTop, height: Math.max(0, scroller.clientHeight - header), rowHeight };
}

function measure(target: EventTarget | null, context: ViewContext): void {
  if (!(target instanceof Element)) return;
  const { top, height } = viewportOf(target);
  context.dispatch({ type: 'scroll', top, height });
}

function move(event: KeyboardEvent, shown: readonly WindowRow[], active: number, context: ViewContext): void {
  const scroller = event.currentTarget;
  if (!(scroller instanceof HTMLElement) || event.altKey || event.metaKey) return;
  const from = Math.max(0, active);
  if (event.key === 'Enter' || event.key === ' ') {
    const row = shown[from];
    if (row !== undefined) context.dispatch({ type: 'open', window: row.id, focus: true });
    event.preventDefault();
    return;
  }
  const view = viewportOf(scroller);
  const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: shown.length - 1,
  };
  const wanted = steps[event.key];
  if (wanted === undefined) return;
  event.preventDefault();
  const to = Math.max(0, Math.min(shown.length - 1, wanted));
  const row = shown[to];
  if (row === undefined) return;
  scroller.scrollTop = scrolledTo(to, view);
  context.dispatch({ type: 'scroll', top: scroller.scrollTop, height: view.height });
  context.dispatch({ type: 'activate', window: row.id });
}
