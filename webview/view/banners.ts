import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Live, Sections } from '../state.ts';
import { isMoving, type Tone } from '../words.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { icon, toneIcon, type IconName } from './icons.ts';

/** Sentences about the migration as a whole: who drives it, how it ended, what to know. */
export function banners({ sections }: Live, context: ViewContext): TemplateResult {
  return html`<div class="banners">
    ${sections.head.waiting === undefined ? nothing : banner('waiting', 'clock', sections.head.waiting)}
    ${driver(sections, context)} ${ending(sections, context)}
    ${
      sections.head.blind
        ? banner(
            'quiet',
            'info',
            l10n.t(
              'The source answers only exports, so nothing can be counted beforehand. Totals are known as exports end, and windows appear while the search for the first resource goes on.',
            ),
          )
        : nothing
    }
    ${sections.notes.map((note) => banner('quiet', 'info', note))}
  </div>`;
}

function banner(
  tone: Tone,
  name: IconName,
  text: string | TemplateResult,
  buttons: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="note tone-${tone}">
    ${icon(name)}
    <div class="note-text">${text}</div>
    ${buttons}
  </div>`;
}

function driver({ head }: Sections, context: ViewContext): TemplateResult | typeof nothing {
  if (head.driver === 'other') {
    return banner(
      'quiet',
      'eye',
      l10n.t('Driven by another window or the command line. You are watching it live; your requests are passed on.'),
    );
  }
  if (head.driver === 'none' && isMoving(head.phase)) {
    return banner(
      'warning',
      'warning',
      l10n.t('Nobody drives this migration right now. Nothing is lost: resume goes on where it stopped.'),
      head.controls.includes('resume') ? actionButton('resume', context, { primary: true }) : nothing,
    );
  }
  return nothing;
}

function ending({ head, totals, progress }: Sections, context: ViewContext): TemplateResult | typeof nothing {
  if (head.phase !== 'complete') return nothing;
  const { formats } = context;
  const alreadyThere = totals.reduce((sum, each) => sum + each.alreadyThere, 0);
  const failed = totals.reduce((sum, each) => sum + each.failed, 0);
  const took =
    head.startedAt !== undefined && head.endedAt !== undefined
      ? formats.duration(head.endedAt - head.startedAt)
      : l10n.t('unknown');
  const figures: readonly (readonly [string, string])[] = [
    [l10n.t('Exported'), formats.count(progress.exported)],
    [l10n.t('Imported'), formats.count(progress.imported)],
    [l10n.t('Already there'), formats.count(alreadyThere)],
    [l10n.t('Failed'), formats.count(failed)],
    [l10n.t('Duration'), took],
  ];
  const tone = failed > 0 ? 'warning' : 'good';
  return html`<section class="ending tone-${tone}" aria-labelledby="ending-title">
    <h2 id="ending-title">${icon(toneIcon(tone))}${l10n.t('The migration is complete')}</h2>
    <dl class="figures">
      ${figures.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${failed > 0 ? html`<p>${l10n.t('The target refused some resources; the journal lists how that was decided.')}</p>` : nothing}
    <p>${l10n.t('The staged files are in container {0} of {1}.', head.staging.container, head.staging.account)}</p>
    <div class="toolbar">${actionButton('openStaging', context)} ${actionButton('openPlan', context)}</div>
  </section>`;
}
