import * as l10n from '@vscode/l10n';
import { type DifferenceClass, type DifferenceReason, isConflict } from '../../verify/differences.ts';
import { contextTokens, type ItemData } from '../tree/itemData.ts';
import { formatCount, formatInstant } from '../words/format.ts';
import { plainLabel, plainMarkdown } from '../words/serverText.ts';
import type { ClassNode, DifferenceNode, RangeNode, ReasonNode, ResourceNode } from './differenceNodes.ts';
import { className, reasonGuidance, reasonWords } from './differenceWords.ts';

/** How a node of the Differences view looks and what it is called. */
export function renderDifference(node: DifferenceNode): ItemData {
  switch (node.kind) {
    case 'class':
      return renderClass(node);
    case 'reason':
      return renderReason(node);
    case 'resource':
      return renderResource(node);
    case 'range':
      return renderRange(node);
    case 'more': {
      const label = l10n.t('… and {0} more', formatCount(node.differences.length));
      return {
        id: node.id,
        label,
        icon: 'ellipsis',
        expansion: 'none',
        contextValue: contextTokens('more'),
        accessibleLabel: label,
      };
    }
  }
}

function iconOf(name: DifferenceClass | 'equal', count: number): Pick<ItemData, 'icon' | 'color'> {
  if (count === 0) return { icon: 'circle-outline', color: 'disabledForeground' };
  switch (name) {
    case 'equal':
      return { icon: 'pass', color: 'testing.iconPassed' };
    case 'differs':
      return { icon: 'diff-modified', color: 'gitDecoration.modifiedResourceForeground' };
    case 'missingOnTarget':
      return { icon: 'diff-removed', color: 'gitDecoration.deletedResourceForeground' };
    case 'extraOnTarget':
      return { icon: 'diff-added', color: 'gitDecoration.addedResourceForeground' };
    case 'unreadable':
      return { icon: 'question', color: 'list.warningForeground' };
  }
}

const countsWords = (count: number, accepted: number): string =>
  accepted === 0 ? formatCount(count) : l10n.t('{0}, {1} accepted', formatCount(count), formatCount(accepted));

function actions({ canImport, class: name, count }: ClassNode | ReasonNode): readonly (string | false)[] {
  return [
    count > 0 && canImport && 'canImport',
    count > 0 && name === 'extraOnTarget' && 'canDelete',
    count > 0 && name !== 'equal' && 'canAccept',
  ];
}

/** What the target changed itself has a choice of its own. */
const choice = (
  reason: DifferenceReason,
  { canImport, class: name }: Pick<ReasonNode, 'canImport' | 'class'>,
): readonly (string | false)[] => [
  isConflict(reason) && 'conflict',
  isConflict(reason) && (canImport || name === 'extraOnTarget') && 'canTakeSource',
];

function renderClass(node: ClassNode): ItemData {
  const counts = countsWords(node.count, node.accepted);
  return {
    id: node.id,
    label: className(node.class),
    description: counts,
    ...iconOf(node.class, node.count),
    expansion: node.children.length === 0 ? 'none' : 'expanded',
    contextValue: contextTokens('class', node.class, ...actions(node)),
    accessibleLabel: `${className(node.class)}, ${counts}`,
  };
}

function renderReason(node: ReasonNode): ItemData {
  const counts = countsWords(node.count, node.accepted);
  const label = `${node.type} · ${reasonWords(node.reason)}`;
  return {
    id: node.id,
    label: plainLabel(label),
    description: counts,
    tooltip: plainMarkdown(reasonGuidance(node.reason)),
    icon: 'symbol-class',
    expansion: node.count > 20 ? 'collapsed' : 'expanded',
    contextValue: contextTokens('reason', node.class, ...actions(node), ...choice(node.reason, node)),
    accessibleLabel: `${label}, ${counts}`,
  };
}

function renderResource({ id, difference, canImport }: ResourceNode): ItemData {
  const { type, id: resource, reason, accepted, sourceVersion, targetVersion, class: name } = difference;
  const state = accepted === undefined ? reasonWords(reason) : l10n.t('accepted: {0}', accepted);
  const lines: readonly (readonly [string, string])[] = [
    [l10n.t('Resource'), `${type}/${resource}`],
    [l10n.t('Why'), reasonWords(reason)],
    [l10n.t('Version on the source'), sourceVersion ?? l10n.t('none')],
    [l10n.t('Version on the target'), targetVersion ?? l10n.t('none')],
    [l10n.t('What to do'), reasonGuidance(reason)],
  ];
  return {
    id,
    label: plainLabel(resource),
    description: plainLabel(state),
    tooltip: lines.map(([title, value]) => `**${plainMarkdown(title)}:** ${plainMarkdown(value)}`).join('  \n'),
    ...(accepted === undefined ? iconOf(name, 1) : { icon: 'check', color: 'disabledForeground' }),
    expansion: 'none',
    contextValue: contextTokens(
      'resource',
      name,
      reason,
      canImport && 'canImport',
      name === 'extraOnTarget' && 'canDelete',
      accepted === undefined ? 'canAccept' : 'canWithdraw',
      ...choice(reason, { canImport, class: name }),
      'canShow',
    ),
    accessibleLabel: `${type} ${resource}, ${className(name)}, ${state}`,
    command: { id: 'fhirMigration.showDifference', title: l10n.t('Show Both Resources') },
  };
}

function renderRange({ id, range }: RangeNode): ItemData {
  const at = (instant: number | undefined): string =>
    instant === undefined ? l10n.t('the beginning') : formatInstant(instant);
  const known = (value: number | undefined): string => (value === undefined ? l10n.t('unknown') : formatCount(value));
  const label = range.of === 'versions' ? l10n.t('{0} (versions)', range.type) : range.type;
  const counts = l10n.t('{0} on the source, {1} on the target', known(range.source), known(range.target));
  return {
    id,
    label: plainLabel(label),
    description: counts,
    tooltip: plainMarkdown(l10n.t('From {0} to {1}: {2}', at(range.since), at(range.till), counts)),
    icon: 'warning',
    color: 'list.warningForeground',
    expansion: 'none',
    contextValue: contextTokens('range'),
    accessibleLabel: `${label}, ${counts}`,
  };
}
