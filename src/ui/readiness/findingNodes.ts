import * as l10n from '@vscode/l10n';
import { type Finding, severities, type Severity } from '../../assess/finding.ts';
import { contextTokens, type ItemData } from '../tree/itemData.ts';
import { plainLabel, plainMarkdown } from '../words/serverText.ts';
import { fixOf } from './fixes.ts';
import { severityWords, type Readiness } from './readinessReport.ts';

/** All findings of one severity, or all that were accepted. */
export interface FindingGroupNode {
  readonly kind: 'findings';
  readonly id: string;
  readonly group: Severity | 'accepted';
  readonly children: readonly FindingNode[];
}

export interface FindingNode {
  readonly kind: 'finding';
  readonly id: string;
  readonly finding: Finding;
  /** Why it was accepted. */
  readonly accepted: string | undefined;
  /** Against the last assessment; undefined when it is as it was, or there was none. */
  readonly change: 'new' | 'changed' | undefined;
}

export type FindingTreeNode = FindingGroupNode | FindingNode;

export const findingChildren = (node: FindingTreeNode): readonly FindingTreeNode[] =>
  node.kind === 'finding' ? [] : node.children;

/** The tree of an assessment: by severity, the gravest first; what was accepted comes last. */
export function findingNodes({ assessment, changes, accepted }: Readiness): readonly FindingGroupNode[] {
  const added = new Set(changes?.added.map(({ id }) => id));
  const changed = new Set(changes?.changed.map(({ now }) => now.id));
  const nodes = assessment.findings.map((finding): FindingNode => ({
    kind: 'finding',
    id: `finding:${finding.id}`,
    finding,
    accepted: Object.hasOwn(accepted, finding.id) ? accepted[finding.id] : undefined,
    change: added.has(finding.id) ? 'new' : changed.has(finding.id) ? 'changed' : undefined,
  }));
  const groupOf = (node: FindingNode): FindingGroupNode['group'] =>
    node.accepted === undefined ? node.finding.severity : 'accepted';
  return [...severities, 'accepted' as const].flatMap((group) => {
    const children = nodes.filter((node) => groupOf(node) === group);
    return children.length === 0 ? [] : [{ kind: 'findings' as const, id: `findings:${group}`, group, children }];
  });
}

/** How a node of the Findings view looks and what it is called. */
export function renderFinding(node: FindingTreeNode): ItemData {
  return node.kind === 'findings' ? renderGroup(node) : renderOne(node);
}

function renderGroup({ id, group, children }: FindingGroupNode): ItemData {
  const name = group === 'accepted' ? l10n.t('Accepted') : severityName(group);
  return {
    id,
    label: name,
    description: String(children.length),
    icon: iconOf(group),
    expansion: group === 'blocker' || group === 'action' ? 'expanded' : 'collapsed',
    contextValue: contextTokens('findings'),
    accessibleLabel: l10n.t('{0}, {1} findings', name, children.length),
  };
}

function renderOne({ id, finding, accepted, change }: FindingNode): ItemData {
  const { title, evidence, guidance, severity, known } = finding;
  const fix = fixOf(finding.id);
  const changeWords =
    change === undefined ? undefined : change === 'new' ? l10n.t('new') : l10n.t('changed since the last assessment');
  const description = [changeWords, evidence.seen].filter((part) => part !== undefined).join(' · ');
  return {
    id,
    label: plainLabel(title),
    description: plainLabel(description),
    tooltip: [
      `**${plainMarkdown(title)}**`,
      `${l10n.t('Seen')}: ${plainMarkdown(evidence.seen)}`,
      `${l10n.t('Evidence')}: ${plainMarkdown(evidence.request)}`,
      `${l10n.t('Next step')}: ${plainMarkdown(guidance)}`,
      ...(accepted === undefined ? [] : [l10n.t('Accepted because: {0}', plainMarkdown(accepted))]),
      ...(fix === undefined ? [] : [l10n.t('Fix: {0}', fix.title)]),
    ].join('\n\n'),
    icon: accepted !== undefined ? 'check' : known ? iconOf(severity) : 'question',
    ...(accepted === undefined && severity === 'blocker' ? { color: 'list.errorForeground' } : {}),
    ...(accepted === undefined && severity === 'action' ? { color: 'list.warningForeground' } : {}),
    expansion: 'none',
    contextValue: contextTokens(
      'finding',
      fix !== undefined && 'fixable',
      accepted === undefined ? 'open' : 'accepted',
    ),
    accessibleLabel: [severityWords(severity), title, changeWords, evidence.seen, accepted]
      .filter((part) => part !== undefined)
      .join(', '),
    command: { id: 'fhirMigration.showFinding', title: l10n.t('Show in the Report') },
  };
}

function severityName(severity: Severity): string {
  switch (severity) {
    case 'blocker':
      return l10n.t('Blockers');
    case 'action':
      return l10n.t('Actions');
    case 'check':
      return l10n.t('To check');
    case 'information':
      return l10n.t('For information');
  }
}

function iconOf(group: FindingGroupNode['group']): string {
  switch (group) {
    case 'blocker':
      return 'error';
    case 'action':
      return 'warning';
    case 'check':
      return 'question';
    case 'information':
      return 'info';
    case 'accepted':
      return 'check';
  }
}
