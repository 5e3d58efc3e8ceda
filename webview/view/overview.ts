import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { shareDone } from '../announcement.ts';
import type { Sections } from '../state.ts';
import { isMoving } from '../words.ts';
import type { ViewContext } from './context.ts';

/** Progress in resources and windows, throughput, remaining time with its basis. */
export function overview(sections: Sections, context: ViewContext): TemplateResult {
  const { progress, head } = sections;
  const { formats } = context;
  const share = shareDone(sections);
  const resources =
    progress.expected === undefined
      ? l10n.t('{0} imported, {1} exported', formats.count(progress.imported), formats.count(progress.exported))
      : l10n.t('{0} of {1} resources', formats.count(progress.imported), formats.count(progress.expected));
  const windows = l10n.t(
    '{0} of {1} windows',
    formats.count(progress.windowsDone),
    formats.count(progress.windowsKnown),
  );
  return html`<section class="overview" aria-labelledby="overview-title">
    <h2 id="overview-title" class="hidden">${l10n.t('Progress')}</h2>
    <div class="bar">
      <div class="bar-words">
        <span class="percent">${share === undefined ? '–' : formats.percent(share, 1)}</span>
        <span>${resources}</span>
        <span class="quiet">${windows}</span>
      </div>
      ${
        share === undefined && isMoving(head.phase)
          ? html`<progress aria-label=${l10n.t('Progress')}></progress>`
          : html`<progress aria-label=${l10n.t('Progress')} max="1" .value=${share ?? 0}></progress>`
      }
    </div>
    <dl class="tiles">
      ${tile(l10n.t('Throughput now'), rate(progress.rateNow, context), l10n.t('resources per second'))}
      ${tile(l10n.t('Average'), rate(progress.rateAverage, context), l10n.t('resources per second'))}
      ${remaining(sections, context)} ${elapsed(sections, context)}
    </dl>
  </section>`;
}

function rate(value: number | undefined, { formats }: ViewContext): string {
  return value === undefined ? '–' : formats.rate(value);
}

function tile(term: string, value: string, note: string | undefined): TemplateResult {
  return html`<div class="tile">
    <dt>${term}</dt>
    <dd>
      <span class="value">${value}</span>
      ${note === undefined ? nothing : html`<span class="tile-note">${note}</span>`}
    </dd>
  </div>`;
}

function remaining({ head, progress }: Sections, { formats }: ViewContext): TemplateResult | typeof nothing {
  if (head.phase === 'complete' || head.phase === 'cancelled') return nothing;
  const value = progress.remainingMs === undefined ? l10n.t('Unknown') : formats.duration(progress.remainingMs);
  return tile(l10n.t('Remaining'), value, progress.remainingBasis);
}

function elapsed({ head }: Sections, { formats, now }: ViewContext): TemplateResult {
  if (head.startedAt === undefined) return tile(l10n.t('Elapsed'), '–', l10n.t('not started'));
  const value = formats.duration((head.endedAt ?? now) - head.startedAt);
  const note =
    head.endedAt === undefined
      ? l10n.t('since {0}', formats.moment(head.startedAt))
      : l10n.t('ended {0}', formats.moment(head.endedAt));
  return tile(l10n.t('Elapsed'), value, note);
}
