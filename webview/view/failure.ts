import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FailureView } from '../protocol.ts';

/** A failure in full: what happened and where, the server's own words, what to do next. */
export function failureText(failure: FailureView): TemplateResult {
  const facts = [
    failure.service,
    failure.request,
    failure.status === undefined ? undefined : l10n.t('Status {0}', failure.status),
    failure.code,
    failure.requestId === undefined ? undefined : l10n.t('Request id {0}', failure.requestId),
  ].filter((fact) => fact !== undefined);
  return html`<div class="failure">
    <p class="failure-message">${failure.message}</p>
    ${
      facts.length > 0
        ? html`<ul class="facts">
            ${facts.map((fact) => html`<li>${fact}</li>`)}
          </ul>`
        : nothing
    }
    ${
      failure.diagnostics.length > 0
        ? html`<details open>
            <summary>${l10n.t('What the server said')}</summary>
            <ul class="diagnostics">
              ${failure.diagnostics.map((words) => html`<li>${words}</li>`)}
            </ul>
          </details>`
        : nothing
    }
    ${
      failure.nextStep === undefined
        ? nothing
        : html`<p class="next-step"><strong>${l10n.t('Next step:')}</strong> ${failure.nextStep}</p>`
    }
  </div>`;
}
