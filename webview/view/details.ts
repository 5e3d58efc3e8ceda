import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit/html.js';
import type { Action, HeadView } from '../protocol.ts';
import { actionButton } from './actionButton.ts';
import type { ViewContext } from './context.ts';
import { type Fact, factList } from './factList.ts';

/** What is not asked for every day, in the order in which it is needed. */
const later = [
  'openPlan',
  'openJournal',
  'openLog',
  'openStaging',
  'verify',
  'cutOver',
  'cleanUp',
  'openSummary',
  'openReport',
] as const satisfies readonly Action[];

/** So many folders are named, the rest is counted. */
const mostFolders = 50;

/** How far the copy is proved, and how. */
function verifiedText({ verified, phase }: HeadView, { formats }: ViewContext): string {
  const { until, lagMs, by, windows, different } = verified;
  if (until === undefined) return l10n.t('Nothing is verified yet.');
  const proof =
    by === 'counts'
      ? l10n.t(
          'Every change before {0} (UTC) is accounted for and counted alike on both services: {1} windows.',
          formats.bound(until),
          formats.count(windows),
        )
      : l10n.t(
          'Every change before {0} (UTC) is accounted for, line for line: {1} windows.',
          formats.bound(until),
          formats.count(windows),
        );
  const lag =
    lagMs === undefined || phase === 'complete' ? [] : [l10n.t('Verification is {0} behind.', formats.duration(lagMs))];
  const again = different === 0 ? [] : [l10n.t('{0} changed since and are counted again.', formats.count(different))];
  return [proof, ...lag, ...again].join(' ');
}

/** Facts about the migration that are looked up rather than watched. */
export function details(head: HeadView, context: ViewContext): TemplateResult {
  const { formats } = context;
  const moment = (instant: number | undefined): string => (instant === undefined ? '–' : formats.moment(instant));
  const watermark =
    head.watermark === undefined
      ? l10n.t('Nothing is wholly on the target yet.')
      : l10n.t('Every change before {0} (UTC) is on the target.', formats.bound(head.watermark));
  const { account, container, folders } = head.staging;
  const facts: readonly Fact[] = [
    [l10n.t('Watermark'), watermark],
    [l10n.t('Verified'), verifiedText(head, context)],
    [l10n.t('Created'), moment(head.createdAt)],
    [l10n.t('Started'), moment(head.startedAt)],
    [l10n.t('Ended'), moment(head.endedAt)],
    [l10n.t('Source'), head.source.endpoint],
    [l10n.t('Target'), head.target.endpoint],
    [l10n.t('Staging account'), account],
    [l10n.t('Container'), container],
    ...(head.exportMode === undefined ? [] : [[l10n.t('Exports'), head.exportMode] as const]),
    [l10n.t('Journal'), l10n.t('{0} records', formats.count(head.journalLength))],
  ];
  return html`${factList(facts, 'facts-list')}
    ${
      folders.length === 0
        ? ''
        : html`<details>
            <summary>${l10n.t('Folders of the exported files: {0}', formats.count(folders.length))}</summary>
            <ul class="folders">
              ${folders.slice(0, mostFolders).map((folder) => html`<li>${folder}</li>`)}
            </ul>
            ${
              folders.length > mostFolders
                ? html`<p>${l10n.t('And {0} more.', formats.count(folders.length - mostFolders))}</p>`
                : ''
            }
          </details>`
    }
    <div class="toolbar">
      ${head.phase === 'complete' || head.phase === 'cancelled' ? '' : actionButton('changeLimits', context)}
      ${later.map((action) => actionButton(action, context))}
    </div>`;
}
