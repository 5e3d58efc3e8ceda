import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { OperationView } from '../protocol.ts';
import type { Sections } from '../state.ts';
import { isMoving, operationWords } from '../words.ts';
import type { ViewContext } from './context.ts';
import { icon } from './icons.ts';

/** So many windows of one import are named, the others are counted. */
const namedWindows = 3;

/** The jobs that run on the two services now. */
export function operations(
  { operations: list, head }: Sections,
  context: ViewContext,
): TemplateResult | typeof nothing {
  if (list.length === 0 && !isMoving(head.phase)) return nothing;
  return html`<section class="operations" aria-labelledby="operations-title">
    <h2 id="operations-title">${l10n.t('Operations in flight')} <span class="quiet">${list.length}</span></h2>
    ${
      list.length === 0
        ? html`<p class="empty">${l10n.t('No export or import runs on the services.')}</p>`
        : html`<ul class="cards">
            ${list.map((operation) => card(operation, context))}
          </ul>`
    }
  </section>`;
}

function card(operation: OperationView, context: ViewContext): TemplateResult {
  const { formats, now } = context;
  const title = operation.kind === 'export' ? l10n.t('Export') : l10n.t('Import');
  const more = operation.windows.length - namedWindows;
  const named = operation.windows.slice(0, namedWindows);
  const facts = [
    l10n.t('for {0}', formats.duration(now - operation.since)),
    operation.resources === undefined ? undefined : l10n.t('{0} resources', formats.count(operation.resources)),
    operation.attempt > 1 ? l10n.t('attempt {0}', operation.attempt) : undefined,
    operation.nextAt === undefined || operation.nextAt <= now
      ? undefined
      : l10n.t('next look in {0}', formats.duration(operation.nextAt - now)),
  ].filter((fact) => fact !== undefined);
  const tone = operation.state === 'running' || operation.state === 'starting' ? 'active' : 'warning';
  return html`<li class="card">
    <div class="card-title">
      <span class="tone-${tone}">${icon(operation.kind === 'export' ? 'down' : 'up')}</span>
      <strong>${title}</strong>
      <span class="quiet">${operation.id}</span>
      <span class="state tone-${tone}">${operationWords(operation)}</span>
    </div>
    <p class="card-line">
      ${
        more > 0
          ? l10n.t('Windows {0} and {1} more', formats.list(named), more)
          : l10n.t('Windows: {0}', formats.list(named))
      }
    </p>
    <p class="card-line quiet">${facts.join(' · ')}</p>
    ${
      operation.jobId === undefined
        ? nothing
        : html`<p class="card-line quiet">${l10n.t('Job {0}', operation.jobId)}</p>`
    }
  </li>`;
}
