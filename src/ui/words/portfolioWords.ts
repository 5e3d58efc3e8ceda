import * as l10n from '@vscode/l10n';
import { bytesText } from '../../assess/words.ts';
import type { Retirement, ServiceFacts, Standing } from '../../services/portfolio/contract.ts';

/** What becomes of a service's product, in words. */
export function retirementWords(retirement: Retirement): string {
  switch (retirement) {
    case 'none':
      return l10n.t('not retired');
    case 'announced':
      return l10n.t('retires on 30 September 2026');
    case 'passed':
      return l10n.t('retired on 30 September 2026, still answers');
    case 'exportsOnly':
      return l10n.t('retired: answers only metadata and exports');
    case 'silent':
      return l10n.t('does not answer');
  }
}

/** Whether a service was migrated, in words. */
export function standingWords({ state, role, migration }: Standing): string {
  const name = migration ?? '';
  switch (state) {
    case 'untouched':
      return l10n.t('not migrated');
    case 'running':
      return role === 'source' ? l10n.t('source of {0}, running', name) : l10n.t('target of {0}, running', name);
    case 'stopped':
      return role === 'source' ? l10n.t('source of {0}, stopped', name) : l10n.t('target of {0}, stopped', name);
    case 'finished':
      return role === 'source' ? l10n.t('source of {0}, finished', name) : l10n.t('target of {0}, finished', name);
  }
}

export const sizeWords = (facts: ServiceFacts | undefined): string | undefined =>
  facts?.size.known === true ? bytesText(facts.size.value) : undefined;

/** What the row of a service says beside its kind and place: its size, a retirement that is felt, and where it stands. */
export function portfolioSummary(
  kind: string,
  facts: ServiceFacts | undefined,
  standing: Standing | undefined,
): readonly string[] {
  const felt = facts?.retirement === 'exportsOnly' || facts?.retirement === 'silent';
  const stands =
    standing === undefined ||
    standing.state === 'running' ||
    (standing.state === 'untouched' && kind !== 'azureApiForFhir')
      ? undefined
      : shortStanding(standing);
  return [sizeWords(facts), felt ? shortRetirement(facts.retirement) : undefined, stands].filter(
    (part) => part !== undefined,
  );
}

function shortRetirement(retirement: 'exportsOnly' | 'silent'): string {
  return retirement === 'silent' ? l10n.t('does not answer') : l10n.t('only exports answer');
}

function shortStanding({ state, role }: Standing): string {
  if (state === 'untouched') return l10n.t('not migrated');
  if (state === 'stopped') return l10n.t('migration stopped');
  return role === 'source' ? l10n.t('migrated') : l10n.t('migrated to');
}
