import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { HeadView } from '../protocol.ts';
import type { FinishView } from '../syncViews.ts';
import type { Live, Sections } from '../state.ts';
import { isMoving, type Tone } from '../words.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { type Fact, factList } from './factList.ts';
import { icon, toneIcon, type IconName } from './icons.ts';

/** Sentences about the migration as a whole: who drives it, how it ended, what to know. */
export function banners({ sections }: Live, context: ViewContext): TemplateResult {
  return html`<div class="banners">
    ${sections.head.waiting === undefined ? nothing : banner('waiting', 'clock', sections.head.waiting)}
    ${driver(sections, context)} ${lastWindow(sections.head, context)} ${wayOver(sections.head, context)}
    ${ending(sections, context)}
    ${
      sections.head.blind && isMoving(sections.head.phase)
        ? banner(
            'quiet',
            'info',
            l10n.t(
              'Windows appear while the search for the first resource goes on; how much is left is known only then.',
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

/** The last window and the proof of the freeze. */
function lastWindow({ finish, controls }: HeadView, context: ViewContext): TemplateResult | typeof nothing {
  if (finish === undefined) return nothing;
  const { formats } = context;
  const took = finish.freezeToDoneMs === undefined ? '–' : formats.duration(finish.freezeToDoneMs);
  switch (finish.state) {
    case 'draining':
      return banner(
        'active',
        'flag',
        l10n.t('Writes stopped at {0}. The last window is on its way.', formats.time(finish.frozenAt)),
      );
    case 'proving':
      return banner('active', 'flag', l10n.t('Everything is accounted for. Proving that the source was frozen.'));
    case 'frozen':
      return banner('good', 'check', `${frozenWords(finish, context)} ${l10n.t('Freeze to done: {0}.', took)}`);
    case 'unproven':
      return banner(
        'warning',
        'warning',
        l10n.t('The source could not be asked whether it was written after its freeze. Freeze to done: {0}.', took),
      );
    case 'written':
      return banner(
        'warning',
        'warning',
        l10n.t(
          'The source was written after you stopped the writes at {0}: the sync goes on. Stop all writes, then finish again.',
          formats.time(finish.frozenAt),
        ),
        controls.includes('finish') ? actionButton('finish', context) : nothing,
      );
  }
}

/** Held at the brink, on the way over, or over it. */
function wayOver({ cutover, phase }: HeadView, context: ViewContext): TemplateResult | typeof nothing {
  if (cutover === undefined) return nothing;
  const at = context.formats.bound(cutover.at);
  const button = (primary: boolean): TemplateResult => actionButton('cutOver', context, { primary });
  switch (cutover.state) {
    case 'held':
      return banner(
        'good',
        'flag',
        l10n.t(
          'Held at the brink of the cutover: changes of the source follow by themselves, for as long as you want. Cut over when the gates are clear.',
        ),
        button(true),
      );
    case 'begun':
      return banner(
        'active',
        'arrow',
        l10n.t('The cutover began at {0} (UTC). Its page leads on.', at),
        button(phase !== 'complete'),
      );
    case 'signedOff':
      return banner(
        'good',
        'check',
        l10n.t('Applications use the target: signed off by {0} at {1} (UTC).', cutover.by ?? '–', at),
        button(false),
      );
    case 'wentBack':
      return banner(
        'warning',
        'warning',
        l10n.t('Applications went back to the source at {0} (UTC).', at),
        button(false),
      );
  }
}

function frozenWords({ by, newestAfter }: FinishView, { formats }: ViewContext): string {
  if (by === 'export') return l10n.t('The source was frozen: one more export held nothing.');
  if (by === 'retired') return l10n.t('The source was frozen: nobody can write to a retired service.');
  if (newestAfter === undefined) return l10n.t('The source was frozen: it holds nothing.');
  return l10n.t(
    'The source was frozen: its newest change is of {0} (UTC), before the last window and after it.',
    formats.bound(newestAfter),
  );
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
  const figures: readonly Fact[] = [
    [l10n.t('Exported'), formats.count(progress.exported)],
    [l10n.t('Imported'), formats.count(progress.imported)],
    [l10n.t('Already there'), formats.count(alreadyThere)],
    [l10n.t('Failed'), formats.count(failed)],
    [l10n.t('Duration'), took],
  ];
  const tone = failed > 0 ? 'warning' : 'good';
  return html`<section class="ending tone-${tone}" aria-labelledby="ending-title">
    <h2 id="ending-title">${icon(toneIcon(tone))}${l10n.t('The migration is complete')}</h2>
    ${factList(figures, 'figures')}
    ${failed > 0 ? html`<p>${l10n.t('The target refused some resources; the journal lists how that was decided.')}</p>` : nothing}
    <p>${l10n.t('The staged files are in container {0} of {1}.', head.staging.container, head.staging.account)}</p>
    <p>${l10n.t('What comes next: verify both sides, cut applications over, and clean up.')}</p>
    <div class="toolbar">
      ${actionButton('verify', context)} ${actionButton('cutOver', context, { primary: true })}
      ${(['cleanUp', 'openSummary', 'openReport'] as const).map((action) => actionButton(action, context))}
    </div>
  </section>`;
}
