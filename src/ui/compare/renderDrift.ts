import * as l10n from '@vscode/l10n';
import { type EntryState, isDrift } from '../../compare/comparison.ts';
import { failureTooltip, sentence } from '../feedback/failureWords.ts';
import { contextTokens, type ItemData } from '../tree/itemData.ts';
import { plainLabel, plainMarkdown } from '../words/serverText.ts';
import { actionTokens } from './driftActions.ts';
import type { AspectNode, DriftTreeNode, EntryNode, GateNode } from './driftNodes.ts';
import { aspectName, countWords, entryWords, whenWords } from './driftWords.ts';

/** How a node of the Drift view looks and what it is called. */
export function renderDrift(node: DriftTreeNode): ItemData {
  switch (node.kind) {
    case 'aspect':
      return node.failure === undefined ? renderAspect(node) : renderFailed(node, node.failure);
    case 'group':
      return {
        id: node.id,
        label: plainLabel(node.name),
        description: countWords(node.drift),
        icon: 'list-tree',
        expansion: 'collapsed',
        contextValue: contextTokens('group', 'canChoose'),
        accessibleLabel: `${node.name}, ${countWords(node.drift)}`,
      };
    case 'gate':
      return renderGate(node);
    case 'entry':
      return renderEntry(node);
  }
}

const openDiff = () => ({ id: 'fhirMigration.showDrift', title: l10n.t('Show Difference') });

function renderAspect(node: AspectNode): ItemData {
  const name = aspectName(node.aspect);
  return {
    id: node.id,
    label: name,
    description: countWords(node.drift),
    ...(node.notes.length === 0 ? {} : { tooltip: node.notes.map(plainMarkdown).join('  \n') }),
    icon: node.drift === 0 ? 'pass' : 'diff',
    ...(node.drift === 0 ? { color: 'testing.iconPassed' } : {}),
    expansion: node.children.length === 0 ? 'none' : node.drift > 0 ? 'expanded' : 'collapsed',
    contextValue: contextTokens(
      'aspect',
      node.children.length > 0 && 'canChoose',
      'canShow',
      node.drift > 0 && node.aspect === 'searchParameters' && 'canCopyParameters',
      node.drift > 0 && node.aspect === 'profiles' && 'canCopyProfiles',
      node.aspect === 'configuration' && 'canCarryConfiguration',
      node.aspect === 'roles' && 'canCarryRoles',
    ),
    accessibleLabel: `${name}, ${countWords(node.drift)}`,
    command: openDiff(),
  };
}

/** Green only when the target says Enabled and a strict search answers, for everything that the source has. */
function renderGate({ id, state, parameters, notReady }: GateNode): ItemData {
  const label = l10n.t('Search parameters ready');
  const description = gateWords(state, parameters, notReady.length);
  return {
    id,
    label,
    description,
    tooltip: [
      plainMarkdown(l10n.t('Green when the target says Enabled and a search with strict handling answers, for each.')),
      ...notReady.slice(0, 20).map(({ url, why }) => `${plainMarkdown(url)}: ${plainMarkdown(why)}`),
    ].join('  \n'),
    ...gateIcon(state),
    expansion: 'none',
    contextValue: contextTokens('gate', 'canCheck', state !== 'ready' && 'canReindex'),
    accessibleLabel: `${label}, ${description}`,
    command: { id: 'fhirMigration.checkSearchParameters', title: l10n.t('Check Search Parameters') },
  };
}

function gateWords(state: GateNode['state'], parameters: number, notReady: number): string {
  switch (state) {
    case 'unknown':
      return l10n.t('not checked yet');
    case 'ready':
      return l10n.t('yes, all {0}', parameters);
    case 'notReady':
      return l10n.t('no, {0} of {1} are not', notReady, parameters);
  }
}

function gateIcon(state: GateNode['state']): Pick<ItemData, 'icon' | 'color'> {
  switch (state) {
    case 'unknown':
      return { icon: 'question' };
    case 'ready':
      return { icon: 'pass-filled', color: 'testing.iconPassed' };
    case 'notReady':
      return { icon: 'error', color: 'testing.iconFailed' };
  }
}

function renderFailed({ id, aspect }: AspectNode, failure: NonNullable<AspectNode['failure']>): ItemData {
  return {
    id,
    label: aspectName(aspect),
    description: plainLabel(sentence(failure)),
    tooltip: failureTooltip(failure),
    icon: 'warning',
    color: 'list.warningForeground',
    expansion: 'none',
    contextValue: contextTokens('aspect', 'failed'),
    accessibleLabel: l10n.t('{0} could not be compared: {1}', aspectName(aspect), sentence(failure)),
  };
}

function renderEntry({ id, name, entry, aspect, excluded }: EntryNode): ItemData {
  const state = excluded ? l10n.t('set aside, {0}', entryWords(entry)) : entryWords(entry);
  const when = isDrift(entry) && !excluded ? whenWords(entry.when) : undefined;
  return {
    id,
    label: plainLabel(name),
    description: when === undefined ? state : `${state} · ${when}`,
    tooltip: tooltip(entry),
    ...(excluded ? { icon: 'circle-slash', color: 'disabledForeground' } : iconOf(entry.state)),
    expansion: 'none',
    contextValue: contextTokens(
      'drift',
      isDrift(entry) && 'drifting',
      'canChoose',
      'canShow',
      excluded ? 'excluded' : 'included',
      ...actionTokens(aspect, entry),
    ),
    accessibleLabel: `${entry.path.join(', ')}, ${state}`,
    command: openDiff(),
  };
}

function iconOf(state: EntryState): Pick<ItemData, 'icon' | 'color'> {
  switch (state) {
    case 'missing':
      return { icon: 'diff-removed', color: 'gitDecoration.deletedResourceForeground' };
    case 'onlyOnTarget':
      return { icon: 'diff-added', color: 'gitDecoration.addedResourceForeground' };
    case 'different':
      return { icon: 'diff-modified', color: 'gitDecoration.modifiedResourceForeground' };
    case 'notPossible':
      return { icon: 'circle-slash' };
    case 'copied':
    case 'adapted':
    case 'byDesign':
      return { icon: 'info' };
  }
}

/** A definition can be long; the diff shows all of it. */
const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

function tooltip(entry: EntryNode['entry']): string {
  const { path, source, target, when, guidance } = entry;
  const lines: (readonly [string, string | undefined])[] = [
    [l10n.t('What'), shortened(path.join(' › '))],
    [l10n.t('State'), entryWords(entry)],
    [l10n.t('Source'), source === undefined ? undefined : shortened(source)],
    [l10n.t('Target'), target === undefined ? undefined : shortened(target)],
    [l10n.t('Configure'), whenWords(when)],
    [l10n.t('What to do'), guidance],
  ];
  return lines
    .filter((line): line is readonly [string, string] => line[1] !== undefined)
    .map(([title, value]) => `**${plainMarkdown(title)}:** ${plainMarkdown(value)}`)
    .join('  \n');
}
