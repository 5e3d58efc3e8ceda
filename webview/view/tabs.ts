import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { SavedView } from '../protocol.ts';
import type { Live, PanelState } from '../state.ts';
import type { ViewContext } from './context.ts';
import { details } from './details.ts';
import { totals } from './totals.ts';
import { windowDetail } from './windowDetail.ts';
import { windowTable } from './windowTable.ts';

type Tab = SavedView['tab'];
const tabNames: readonly Tab[] = ['windows', 'types', 'details'];

/** Windows, resource types and details, one of them at a time. */
export function tabs(live: Live, state: PanelState, context: ViewContext): TemplateResult {
  const { tab } = state.view;
  const keys = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? -1 : step && tabNames.indexOf(tab) + step;
    if (to === undefined) return;
    const next = tabNames.at(to % tabNames.length);
    if (next === undefined) return;
    event.preventDefault();
    context.dispatch({ type: 'tab', tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`<section class="tabs">
    <div class="tab-list" role="tablist" aria-label=${l10n.t('Parts of the migration')} @keydown=${keys}>
      ${tabNames.map(
        (name) =>
          html`<button
            type="button"
            class="tab"
            role="tab"
            id="tab-${name}"
            aria-selected=${tab === name}
            aria-controls="tab-panel"
            tabindex=${tab === name ? 0 : -1}
            @click=${() => context.dispatch({ type: 'tab', tab: name })}
          >
            ${words(name)}${size(name, live, context)}
          </button>`,
      )}
    </div>
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby="tab-${tab}">
      ${content(tab, live, state, context)}
    </div>
  </section>`;
}

function words(tab: Tab): string {
  switch (tab) {
    case 'windows':
      return l10n.t('Windows');
    case 'types':
      return l10n.t('Resource types');
    case 'details':
      return l10n.t('Details');
  }
}

function size(tab: Tab, { sections, windows }: Live, { formats }: ViewContext): TemplateResult | typeof nothing {
  if (tab === 'details') return nothing;
  const count = tab === 'windows' ? windows.rows.length : sections.totals.length;
  return html`<span class="badge">${formats.count(count)}</span>`;
}

function content(tab: Tab, live: Live, state: PanelState, context: ViewContext): TemplateResult {
  switch (tab) {
    case 'windows': {
      const { open } = state;
      const row = open && live.windows.rows.find(({ id }) => id === open.id);
      return html`${windowTable(live, state, context)}
      ${row === undefined || open === undefined ? nothing : windowDetail(row, open, context)}`;
    }
    case 'types':
      return totals(live.sections.totals, context);
    case 'details':
      return details(live.sections.head, context);
  }
}
