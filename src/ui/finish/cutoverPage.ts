import * as l10n from '@vscode/l10n';
import { cutoverStage } from '../../cutover/stage.ts';
import type { CutoverPage, NextStep } from '../../cutover/walk.ts';
import type { GateId, GateRecord, GateState, StepId } from '../../engine/cutover.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { WrittenSince } from '../../services/cutover/contract.ts';
import { evidenceList } from '../documents/evidenceList.ts';
import { formatCount, formatInstant } from '../words/format.ts';
import { plainMarkdown } from '../words/serverText.ts';

/** Name of a gate or a step. */
export function gateWords(id: GateId | StepId): string {
  switch (id) {
    case 'copyLag':
      return l10n.t('Copy lag');
    case 'verification':
      return l10n.t('Verification');
    case 'searchParameters':
      return l10n.t('Search parameters and reindex');
    case 'configuration':
      return l10n.t('Configuration drift');
    case 'permissions':
      return l10n.t('Permissions');
    case 'applications':
      return l10n.t('Applications are ready');
    case 'eventsOff':
      return l10n.t('Events of the target are off');
    case 'staging':
      return l10n.t('Staging is healthy');
    case 'freeze':
      return l10n.t('Writers stopped, with proof');
    case 'finalCatchUp':
      return l10n.t('Final catch-up');
    case 'finalVerification':
      return l10n.t('Final verification');
    case 'eventsOn':
      return l10n.t('Events of the target are on');
    case 'endpoints':
      return l10n.t('Applications use the target');
  }
}

export function stateWords(state: GateState): string {
  switch (state) {
    case 'passed':
      return l10n.t('Passed');
    case 'open':
      return l10n.t('Open');
    case 'unknown':
      return l10n.t('Unknown');
    case 'waived':
      return l10n.t('Waived');
  }
}

/** What to do next, in a sentence. */
export function nextWords(next: NextStep): string {
  switch (next) {
    case 'hold':
      return l10n.t(
        'Settle what is open, or decide about it with a reason. Hold keeps both services in sync meanwhile, for as long as you want.',
      );
    case 'begin':
      return l10n.t('Everything is clear. Stop all writes to the source, then cut over.');
    case 'wait':
      return l10n.t('The last window and its proof are under way. Look again when the migration is complete.');
    case 'again':
      return l10n.t(
        'The source was written to, or nothing proves the freeze: stop its writers for good, then cut over again.',
      );
    case 'verify':
      return l10n.t('The last window is on the target. Verify both services.');
    case 'events':
      return l10n.t(
        'Turn events of the target on: subscriptions that were deleted for the migration are made again from here, others are added in the portal. Or confirm that nobody needs them.',
      );
    case 'endpoints':
      return l10n.t('Give applications the address of the target, then confirm it.');
    case 'signOff':
      return l10n.t('Everything is clear: sign the record.');
    case 'done':
      return l10n.t('The cutover is signed off. Clean up when you need no way back any more.');
  }
}

/** The page of a cutover: what comes next, the gates, the way over, and how to go back. */
export function cutoverMarkdown(overview: MigrationOverview, page: CutoverPage): string {
  const { name, plan, cutover } = overview;
  const signed = cutover?.signedOff;
  return [
    `# ${l10n.t('Cut over: {0}', plainMarkdown(name))}`,
    `${plainMarkdown(plan.source.name)} → ${plainMarkdown(plan.target.name)}`,
    `**${l10n.t('Next')}:** ${nextWords(page.next)}`,
    ...(cutoverStage(overview)?.state === 'held'
      ? [l10n.t('Both services are held in sync at the brink, for as long as you want.')]
      : []),
    ...(signed === undefined
      ? []
      : [l10n.t('Signed off by {0} at {1}.', plainMarkdown(signed.by), formatInstant(signed.at))]),
    `## ${l10n.t('Gates')}`,
    ...(cutover?.begun === undefined
      ? []
      : [
          l10n.t(
            'As they were when the cutover began, at {0}, with what was decided since.',
            formatInstant(cutover.begun.at),
          ),
        ]),
    gateList(page.gates),
    `## ${l10n.t('The way over')}`,
    gateList(page.steps),
    `## ${l10n.t('Going back')}`,
    l10n.t(
      'The source keeps its data: until it is deleted, applications can be pointed at it again. What was written on the target since the cutover is listed by "Go Back…" and exported as bundles, which bring it to the source. Then stop the writers of the target, send the bundles in their order, and switch the addresses.',
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

const signs: Readonly<Record<GateState, string>> = { passed: '✓', open: '✗', unknown: '?', waived: '⚠' };

const gateList = (records: readonly GateRecord[]): string =>
  evidenceList(
    records.map(({ id, state, evidence, at }) => ({
      sign: signs[state],
      state: stateWords(state),
      title: gateWords(id),
      evidence,
      at,
    })),
  );

/** What was written on the target since the cutover, in lines. */
export const writtenLines = ({ types }: WrittenSince): string =>
  Object.entries(types)
    .map(([type, { written, deleted }]) =>
      l10n.t('{0}: {1} written, {2} deleted', type, formatCount(written), formatCount(deleted)),
    )
    .join('\n');
