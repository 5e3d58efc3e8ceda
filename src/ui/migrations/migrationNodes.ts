import * as l10n from '@vscode/l10n';
import type { AttentionItem } from '../../engine/overview.ts';
import type { Failure } from '../../failure/failure.ts';
import { failureTooltip, sentence } from '../feedback/failureWords.ts';
import { contextTokens, type ItemData } from '../tree/itemData.ts';
import { formatCount, formatDuration, formatInstant } from '../words/format.ts';
import { isMoving, phaseName, progressWords } from '../words/migrationWords.ts';
import { plainLabel, plainMarkdown } from '../words/serverText.ts';
import { isAbandoned, offeredControls } from './controls.ts';
import type { MigrationState } from './migrationState.ts';

export interface MigrationNode {
  readonly kind: 'migration';
  readonly id: string;
  readonly state: MigrationState;
}

/** Something in a migration that a person must look at. */
export interface AttentionNode {
  readonly kind: 'attention';
  readonly id: string;
  readonly migration: string;
  readonly item: AttentionItem;
}

/** A migration whose journal cannot be read. */
export interface UnreadableNode {
  readonly kind: 'unreadable';
  readonly id: string;
  readonly migration: string;
  readonly item: { readonly failure: Failure };
}

export type MigrationTreeNode = MigrationNode | AttentionNode | UnreadableNode;

/** Newest first; what needs a person before what runs, what runs before what is over. */
export function migrationNodes(
  states: readonly MigrationState[],
  unreadable: ReadonlyMap<string, Failure>,
): readonly MigrationTreeNode[] {
  const rank = ({ overview }: MigrationState): number =>
    overview.phase === 'needsAttention' ? 0 : isMoving(overview.phase) ? 1 : overview.phase === 'paused' ? 2 : 3;
  const readable = [...states]
    .sort((a, b) => rank(a) - rank(b) || b.overview.createdAt - a.overview.createdAt)
    .map((state): MigrationNode => ({ kind: 'migration', id: `migration:${state.overview.id}`, state }));
  const others = [...unreadable].map(([id, failure]): UnreadableNode => ({
    kind: 'unreadable',
    id: `unreadable:${id}`,
    migration: id,
    item: { failure },
  }));
  return [...readable, ...others];
}

export function migrationChildren(node: MigrationTreeNode): readonly MigrationTreeNode[] {
  if (node.kind !== 'migration') return [];
  const { overview } = node.state;
  return overview.attention.map((item, index) => ({
    kind: 'attention',
    id: `attention:${overview.id}|${item.about.window ?? ''}|${item.about.operation ?? ''}|${index}`,
    migration: overview.id,
    item,
  }));
}

/** How many migrations wait for a person: the badge of the view. */
export function attentionCount(states: readonly MigrationState[]): number {
  return states.filter(({ overview }) => overview.phase === 'needsAttention').length;
}

/** How a node of the Migrations view looks and what it is called. */
export function renderMigration(node: MigrationTreeNode): ItemData {
  if (node.kind === 'attention') return renderAttention(node);
  if (node.kind === 'unreadable') return renderUnreadable(node);
  const { overview, driven } = node.state;
  const words = stateWords(node.state);
  const controls = offeredControls(overview, driven);
  return {
    id: node.id,
    label: plainLabel(overview.name),
    description: plainLabel(words),
    tooltip: tooltip(node.state),
    ...iconOf(node.state),
    expansion: overview.attention.length > 0 ? 'expanded' : 'none',
    contextValue: contextTokens(
      'migration',
      overview.phase,
      driven,
      controls.includes('pause') && 'canPause',
      controls.includes('resume') && 'canResume',
      controls.includes('retry') && 'canRetry',
      controls.includes('catchUp') && 'canCatchUp',
      controls.includes('finish') && 'canFinish',
      controls.includes('keepSyncing') && 'canKeepSyncing',
      controls.includes('cancel') && 'canCancel',
    ),
    accessibleLabel: l10n.t(
      'Migration {0}, from {1} to {2}, {3}',
      overview.name,
      overview.plan.source.name,
      overview.plan.target.name,
      words,
    ),
    command: { id: 'fhirMigration.openMigration', title: l10n.t('Open Migration') },
  };
}

function stateWords(state: MigrationState): string {
  const { overview, driven, account } = state;
  const shared = account === undefined ? '' : l10n.t('shared in {0}', account);
  if (overview.phase === 'complete') {
    const words = l10n.t('{0} · {1} resources', phaseName('complete'), formatCount(overview.progress.imported));
    return shared === '' ? words : `${words} · ${shared}`;
  }
  const progress = overview.phase === 'cancelled' ? '' : progressWords(overview);
  const drivenWords = isAbandoned(overview, driven)
    ? l10n.t('interrupted')
    : driven === 'other' && isMoving(overview.phase)
      ? account === undefined
        ? l10n.t('driven by another window')
        : l10n.t('driven elsewhere')
      : undefined;
  return [phaseName(overview.phase), drivenWords, progress, overview.waiting, shared]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}

function iconOf(state: MigrationState): Pick<ItemData, 'icon' | 'color'> {
  const { overview, driven } = state;
  if (isAbandoned(overview, driven)) return { icon: 'debug-disconnect' };
  switch (overview.phase) {
    case 'planned':
      return { icon: 'circle-outline' };
    case 'preparing':
    case 'backlog':
    case 'catchUp':
    case 'syncing':
    case 'finishing':
    case 'checking':
      return overview.waiting === undefined ? { icon: 'sync~spin' } : { icon: 'clock' };
    case 'pausing':
    case 'cancelling':
      return { icon: 'loading~spin' };
    case 'paused':
      return { icon: 'debug-pause' };
    case 'cancelled':
      return { icon: 'circle-slash' };
    case 'needsAttention':
      return { icon: 'warning', color: 'list.warningForeground' };
    case 'complete':
      return { icon: 'pass-filled', color: 'testing.iconPassed' };
  }
}

function tooltip({ overview, account }: MigrationState): string {
  const { progress } = overview;
  const lines: (readonly [string, string | undefined])[] = [
    [l10n.t('From'), `${overview.plan.source.name} (${overview.plan.source.endpoint})`],
    [l10n.t('To'), `${overview.plan.target.name} (${overview.plan.target.endpoint})`],
    [l10n.t('Staging account'), `${overview.staging.account}/${overview.staging.container}`],
    [l10n.t('Exported'), formatCount(progress.exported)],
    [l10n.t('Imported'), formatCount(progress.imported)],
    [
      l10n.t('Remaining time'),
      progress.remainingMs === undefined || !isMoving(overview.phase)
        ? undefined
        : `${formatDuration(progress.remainingMs)} (${progress.remainingBasis})`,
    ],
    [
      l10n.t('On the target are all changes before'),
      overview.watermark === undefined ? undefined : formatInstant(overview.watermark),
    ],
    [
      l10n.t('Verified are all changes before'),
      overview.verification.until === undefined ? undefined : formatInstant(overview.verification.until),
    ],
    [l10n.t('Journal'), account === undefined ? l10n.t('on this machine') : l10n.t('in {0}', account)],
    [l10n.t('Created'), formatInstant(overview.createdAt)],
  ];
  return lines
    .filter((line): line is readonly [string, string] => line[1] !== undefined)
    .map(([name, value]) => `**${plainMarkdown(name)}:** ${plainMarkdown(value)}`)
    .join('  \n');
}

function renderAttention({ id, item }: AttentionNode): ItemData {
  const place = item.about.window ?? item.about.operation;
  return {
    id,
    label: place === undefined ? l10n.t('Needs attention') : plainLabel(l10n.t('Window {0}', place)),
    description: plainLabel(sentence(item.failure)),
    tooltip: failureTooltip(item.failure),
    icon: 'warning',
    color: 'list.warningForeground',
    expansion: 'none',
    contextValue: contextTokens('attention', item.failure.kind, ...item.actions.map((action) => `can-${action}`)),
    accessibleLabel: l10n.t('Needs attention: {0}', sentence(item.failure)),
    command: { id: 'fhirMigration.showProblem', title: l10n.t('Show Details') },
  };
}

function renderUnreadable({ id, migration, item }: UnreadableNode): ItemData {
  return {
    id,
    label: plainLabel(migration),
    description: plainLabel(item.failure.message),
    tooltip: failureTooltip(item.failure),
    icon: 'warning',
    color: 'list.warningForeground',
    expansion: 'none',
    contextValue: contextTokens('unreadable', item.failure.kind),
    accessibleLabel: l10n.t('Migration {0} cannot be read: {1}', migration, item.failure.message),
    command: { id: 'fhirMigration.showProblem', title: l10n.t('Show Details') },
  };
}
