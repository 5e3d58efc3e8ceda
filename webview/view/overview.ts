import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { arrived, shareDone } from '../announcement.ts';
import type { SyncView } from '../syncViews.ts';
import type { Sections } from '../state.ts';
import { isMoving } from '../words.ts';
import type { ViewContext } from './context.ts';

/** Progress in resources and windows, throughput, remaining time with its basis. */
export function overview(sections: Sections, context: ViewContext): TemplateResult {
  const share = shareDone(sections);
  return html`<section class="overview" aria-labelledby="overview-title">
    <h2 id="overview-title" class="hidden">${l10n.t('Progress')}</h2>
    <div class="bar">
      ${words(sections, share, context)}
      ${
        share === undefined && isMoving(sections.head.phase)
          ? html`<progress aria-label=${l10n.t('Progress')}></progress>`
          : html`<progress aria-label=${l10n.t('Progress')} max="1" .value=${share ?? 0}></progress>`
      }
    </div>
    <dl class="tiles">${tiles(sections, context)}</dl>
  </section>`;
}

/** A share of the whole only where the whole is known; otherwise the windows found so far. */
function words(sections: Sections, share: number | undefined, { formats }: ViewContext): TemplateResult {
  const { head, progress } = sections;
  const done = formats.count(progress.windowsDone);
  const known = formats.count(progress.windowsKnown);
  const moved = l10n.t(
    '{0} imported, {1} exported',
    formats.count(progress.imported),
    formats.count(progress.exported),
  );
  const large = (text: string): TemplateResult => html`<span class="percent">${text}</span>`;
  const line = (...parts: readonly (string | TemplateResult)[]): TemplateResult =>
    html`<div class="bar-words">${parts.map((part) => html`<span>${part}</span>`)}</div>`;

  const windows = progress.windowsKnown === 1 ? l10n.t('1 window') : l10n.t('{0} windows', known);
  if (head.phase === 'syncing') return line(large(l10n.t('In sync')), moved, windows);
  if (head.phase === 'complete') return line(large(formats.percent(1, 1)), moved, windows);
  if (progress.windowsKnown === 0) return line(large('–'), l10n.t('No windows yet'));
  if (progress.expected === undefined) {
    return line(
      large(l10n.t('{0} of {1}', done, known)),
      head.blind ? l10n.t('windows known so far') : l10n.t('windows'),
      moved,
    );
  }
  return line(
    large(formats.percent(share ?? 0, 1)),
    l10n.t('{0} of {1} resources on the target', formats.count(arrived(sections)), formats.count(progress.expected)),
    l10n.t('{0} of {1} windows', done, known),
  );
}

function tiles({ head, progress }: Sections, context: ViewContext): readonly TemplateResult[] {
  const { formats, now } = context;
  const perSecond = l10n.t('resources per second');
  const rate = (value: number | undefined): string => (value === undefined ? '–' : formats.rate(value));
  const ended = head.phase === 'complete' || head.phase === 'cancelled';
  const average = tile(l10n.t('Average'), rate(progress.rateAverage), perSecond);
  const elapsed =
    head.startedAt === undefined
      ? tile(l10n.t('Elapsed'), '–', l10n.t('not started'))
      : tile(
          l10n.t('Elapsed'),
          formats.duration((head.endedAt ?? now) - head.startedAt),
          head.endedAt === undefined
            ? l10n.t('since {0}', formats.moment(head.startedAt))
            : l10n.t('ended {0}', formats.moment(head.endedAt)),
        );
  if (ended) return [average, elapsed];
  if (head.phase === 'syncing' && head.sync !== undefined) {
    return [lagTile(head.sync, context), nextTile(head.sync, context), average, elapsed];
  }
  const remaining = progress.remainingMs === undefined ? l10n.t('Unknown') : formats.duration(progress.remainingMs);
  return [
    tile(l10n.t('Throughput now'), rate(progress.rateNow), perSecond),
    average,
    tile(l10n.t('Remaining'), remaining, progress.remainingBasis),
    elapsed,
  ];
}

/** How old the copy is, second by second. */
function lagTile({ purpose, copiedUntil, lagTargetMs }: SyncView, { formats, now }: ViewContext): TemplateResult {
  const term = purpose === 'follow' ? l10n.t('Recovery point') : l10n.t('Copy lag');
  const wanted = l10n.t('at most {0} is wanted', formats.duration(lagTargetMs));
  if (copiedUntil === undefined) return tile(term, '–', wanted);
  return tile(term, formats.duration(Math.max(0, now - copiedUntil)), wanted);
}

function nextTile({ nextWindowAt }: SyncView, { formats, now }: ViewContext): TemplateResult {
  const term = l10n.t('Next window');
  if (nextWindowAt === undefined) return tile(term, l10n.t('Under way'), '');
  if (nextWindowAt <= now) return tile(term, l10n.t('Due'), '');
  return tile(term, formats.duration(nextWindowAt - now), l10n.t('at {0}', formats.time(nextWindowAt)));
}

function tile(term: string, value: string, note: string): TemplateResult {
  return html`<div class="tile">
    <dt>${term}</dt>
    <dd>
      <span class="value">${value}</span>
      ${note === '' ? nothing : html`<span class="tile-note">${note}</span>`}
    </dd>
  </div>`;
}
