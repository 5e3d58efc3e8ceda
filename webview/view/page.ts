import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit/html.js';
import type { Live, PanelState } from '../state.ts';
import { actionButton } from './actionButton.ts';
import { attention } from './attention.ts';
import { banners } from './banners.ts';
import { charts } from './charts.ts';
import type { ViewContext } from './context.ts';
import { header } from './header.ts';
import { icon } from './icons.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import { tabs } from './tabs.ts';

/** What the live regions say; the page keeps them in place so that changes are noticed. */
export interface Spoken {
  readonly polite: string;
  readonly alert: string;
}

/** The whole page for a state. */
export function page(state: PanelState, spoken: Spoken, context: ViewContext): TemplateResult {
  return html`<div class="hidden" role="status" aria-live="polite">${spoken.polite}</div>
    <div class="hidden" role="alert">${spoken.alert}</div>
    <main class="page">${content(state, context)}</main>`;
}

function content(state: PanelState, context: ViewContext): TemplateResult {
  switch (state.content.kind) {
    case 'loading':
      return html`<div class="centered">
        <h1>${l10n.t('Opening the migration…')}</h1>
        <progress aria-label=${l10n.t('Opening the migration')}></progress>
      </div>`;
    case 'gone':
      return html`<div class="centered">
        <h1>${icon('info')}${l10n.t('This migration is no longer here')}</h1>
        ${state.content.name === undefined ? '' : html`<p><strong>${state.content.name}</strong></p>`}
        <p>${state.content.reason}</p>
        <div class="toolbar">${actionButton('openMigrations', context, { primary: true })}</div>
      </div>`;
    case 'live':
      return migration(state.content, state, context);
  }
}

function migration(live: Live, state: PanelState, context: ViewContext): TemplateResult {
  const { sections } = live;
  return html`${header(sections.head, context)} ${banners(live, context)} ${attention(sections.attention, context)}
  ${overview(sections, context)} ${charts(live, context)} ${operations(sections, context)} ${tabs(live, state, context)}`;
}
