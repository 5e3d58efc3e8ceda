import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { WindowRow } from '../protocol.ts';
import type { OpenWindow } from '../state.ts';
import { rangeWords, windowStateWords } from '../words.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { type Fact, factList } from './factList.ts';
import { button } from './controls.ts';
import { failureText } from './failure.ts';
import { windowDuration } from './windowTable.ts';

/** Everything about one window; Escape closes it and the focus goes back to its row. */
export function windowDetail(row: WindowRow, open: OpenWindow, context: ViewContext): TemplateResult {
  const { formats } = context;
  const close = (): void => context.dispatch({ type: 'close' });
  const count = (value: number | undefined): string => (value === undefined ? l10n.t('unknown') : formats.count(value));
  const facts: readonly Fact[] = [
    [l10n.t('State'), windowStateWords(row.state)],
    [l10n.t('Range (UTC)'), rangeWords(row, formats)],
    [l10n.t('Expected'), count(row.expected)],
    [l10n.t('Exported'), count(row.exported)],
    [l10n.t('Imported'), count(row.imported)],
    [l10n.t('Already there'), count(row.alreadyThere)],
    [l10n.t('Failed'), count(row.failed)],
    [l10n.t('Files'), open.detail === undefined ? '…' : formats.count(open.detail.files)],
    [l10n.t('Attempts'), count(row.attempts)],
    [l10n.t('Duration'), windowDuration(row, context)],
  ];
  const failure = open.detail?.failure;
  return html`<section
    class="window-detail"
    aria-labelledby="window-detail-title"
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    }}
  >
    <div class="window-detail-head">
      <h3 id="window-detail-title" tabindex="-1">${l10n.t('Window {0}', row.id)}</h3>
      ${button({ label: l10n.t('Close'), icon: 'close', name: l10n.t('Close window {0}', row.id), press: close })}
    </div>
    ${factList(facts, 'figures')}
    ${
      failure === undefined
        ? nothing
        : html`<div class="problem tone-bad">
            ${failureText(failure)}
            <div class="toolbar">${actionButton('showFailure', context, { about: { window: row.id } })}</div>
          </div>`
    }
  </section>`;
}
