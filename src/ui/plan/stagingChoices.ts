import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Choice } from '../platform/prompts.ts';

/** Name or resource id of a staging account, or the wish to type one. */
export type StagingChoice = { readonly kind: 'account'; readonly name: string } | { readonly kind: 'other' };

/**
 * Staging accounts that the services are configured for. The export writes where the source is configured to and the
 * import reads where the target is, so the one that both name is the only one that works without a change.
 */
export function stagingChoices(
  source: DiscoveredService,
  target: DiscoveredService,
  last: string | undefined,
): readonly Choice<StagingChoice>[] {
  const exportsTo = source.exportStorageAccount;
  const importsFrom = target.importStorageAccount;
  const names = [...new Set([exportsTo, importsFrom, last].filter((name) => name !== undefined))];
  const preset = exportsTo !== undefined && exportsTo === importsFrom ? exportsTo : (last ?? exportsTo ?? importsFrom);
  const choices = names.map((name): Choice<StagingChoice> => {
    const detail = detailOf(name, exportsTo, importsFrom, source.name, target.name);
    return {
      label: accountName(name),
      ...(name === last && name !== preset ? { description: l10n.t('last used') } : {}),
      detail,
      icon: exportsTo === name && importsFrom === name ? 'pass' : 'database',
      value: { kind: 'account', name },
      picked: name === preset,
    };
  });
  choices.sort((a, b) => Number(b.picked ?? false) - Number(a.picked ?? false));
  return [
    ...choices,
    { label: l10n.t('Another account…'), icon: 'edit', value: { kind: 'other' }, picked: choices.length === 0 },
  ];
}

/** The account's name in a resource id, or the text itself. */
export function accountName(nameOrId: string): string {
  return nameOrId.startsWith('/') ? (nameOrId.split('/').at(-1) ?? nameOrId) : nameOrId;
}

/** What is wrong with a typed name or resource id of a storage account. */
export function stagingProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^[a-z0-9]{3,24}$/.test(trimmed)) return undefined;
  const id =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]{3,24}$/i;
  if (id.test(trimmed)) return undefined;
  return l10n.t('The name of a storage account (3 to 24 lower-case letters and digits), or its resource id.');
}

function detailOf(
  name: string,
  exportsTo: string | undefined,
  importsFrom: string | undefined,
  source: string,
  target: string,
): string {
  if (name === exportsTo && name === importsFrom) {
    return l10n.t('{0} exports to it and {1} imports from it.', source, target);
  }
  if (name === exportsTo) {
    return importsFrom === undefined
      ? l10n.t('{0} exports to it. For {1}, no import storage is known.', source, target)
      : l10n.t('{0} exports to it, but {1} imports from {2}: change one of them.', source, target, importsFrom);
  }
  if (name === importsFrom) {
    return exportsTo === undefined
      ? l10n.t('{0} imports from it. For {1}, no export storage is known.', target, source)
      : l10n.t('{0} imports from it, but {1} exports to {2}: change one of them.', target, source, exportsTo);
  }
  return l10n.t('Configured on neither service.');
}
