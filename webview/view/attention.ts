import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { AttentionView } from '../protocol.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { failureText } from './failure.ts';
import { icon } from './icons.ts';

/** So many problems are shown in full; the rest is found in the table of windows. */
const mostShown = 20;

/** What a person must look at, each with the server's words, the next step and its buttons. */
export function attention(items: readonly AttentionView[], context: ViewContext): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  return html`<section class="attention" aria-labelledby="attention-title">
    <h2 id="attention-title">
      ${items.length === 1 ? l10n.t('One problem needs you') : l10n.t('{0} problems need you', items.length)}
    </h2>
    ${items.slice(0, mostShown).map((item) => problem(item, context))}
    ${
      items.length > mostShown
        ? html`<p>${l10n.t('And {0} more: filter the windows by “Needs attention”.', items.length - mostShown)}</p>`
        : nothing
    }
  </section>`;
}

function problem({ about, failure, actions }: AttentionView, context: ViewContext): TemplateResult {
  const subject =
    about.window !== undefined
      ? l10n.t('Window {0}', about.window)
      : about.operation !== undefined
        ? l10n.t('Operation {0}', about.operation)
        : l10n.t('The migration');
  return html`<article class="problem tone-bad">
    <h3>${icon('error')}${subject}</h3>
    ${failureText(failure)}
    <div class="toolbar">
      ${actions.map((action, index) => actionButton(action, context, { about, primary: index === 0 }))}
      ${actionButton('showFailure', context, { about })}
    </div>
  </article>`;
}
