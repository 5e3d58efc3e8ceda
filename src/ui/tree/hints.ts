import * as l10n from '@vscode/l10n';
import type { EmptyState } from './emptyState.ts';
import { contextTokens, type ItemData } from './itemData.ts';

/** How the reason for a missing list looks as a node. The same reasons have a welcome in the manifest. */
export function hintOf(state: EmptyState): Omit<ItemData, 'id'> {
  const { label, icon, command } = words(state);
  return {
    label,
    icon,
    expansion: 'none',
    contextValue: contextTokens('hint', state),
    accessibleLabel: label,
    ...(command === undefined ? {} : { command }),
  };
}

function words(state: EmptyState): Pick<ItemData, 'label' | 'icon' | 'command'> {
  const refresh = { id: 'fhirMigration.refresh', title: l10n.t('Refresh') };
  const signIn = { id: 'fhirMigration.signIn', title: l10n.t('Sign In') };
  const choose = { id: 'fhirMigration.selectSubscriptions', title: l10n.t('Choose Subscriptions') };
  switch (state) {
    case 'signingIn':
      return { label: l10n.t('Checking who is signed in…'), icon: 'loading~spin' };
    case 'signedOut':
      return { label: l10n.t('Sign in to see your services in Azure'), icon: 'account', command: signIn };
    case 'loading':
      return { label: l10n.t('Looking for FHIR services…'), icon: 'loading~spin' };
    case 'tenantNeedsSignIn':
      return { label: l10n.t('A tenant needs you to sign in'), icon: 'account', command: signIn };
    case 'noSubscription':
      return { label: l10n.t('Your account sees no subscription'), icon: 'info', command: signIn };
    case 'filteredOut':
      return { label: l10n.t('No service in the chosen subscriptions'), icon: 'filter', command: choose };
    case 'noneFound':
      return { label: l10n.t('No FHIR service found in Azure'), icon: 'info', command: refresh };
    case 'forbidden':
      return { label: l10n.t('You may not list the services'), icon: 'lock', command: refresh };
    case 'offline':
      return { label: l10n.t('Azure cannot be reached'), icon: 'debug-disconnect', command: refresh };
    case 'failed':
      return { label: l10n.t('The services could not be listed'), icon: 'warning', command: refresh };
  }
}
