import type { Failure } from '../../failure/failure.ts';
import type { Catalog } from './catalog.ts';

/**
 * Why the list of Azure services is empty or may be incomplete. Each has its own words and action: as the view's
 * welcome when nothing else is shown, as a node below what is.
 */
export const emptyStates = [
  'signingIn',
  'signedOut',
  'loading',
  'tenantNeedsSignIn',
  'noSubscription',
  'filteredOut',
  'noneFound',
  'forbidden',
  'offline',
  'failed',
] as const;
export type EmptyState = (typeof emptyStates)[number];

const isOffline = (failure: Failure): boolean => failure.kind === 'network' || failure.kind === 'unavailable';

/** The state of a catalog without Azure services; undefined when there are some, or nobody asked yet. */
export function emptyState(catalog: Catalog): EmptyState | undefined {
  switch (catalog.state) {
    case 'notLoaded':
      return undefined;
    case 'signingIn':
      return 'signingIn';
    case 'signedOut':
      return 'signedOut';
    case 'loading':
      return catalog.services.size > 0 ? undefined : 'loading';
    case 'loaded':
      return catalog.services.size > 0 ? undefined : reasonOfNothing(catalog);
  }
}

function reasonOfNothing({ problems, filtered, subscriptions }: Catalog): EmptyState {
  const failures = problems.map(({ failure }) => failure);
  const everything = failures.length > 0 && subscriptions.length === 0;
  if (everything && failures.every(({ kind }) => kind === 'notSignedIn')) {
    return problems.some(({ tenantId }) => tenantId !== undefined) ? 'tenantNeedsSignIn' : 'signedOut';
  }
  if (failures.some(isOffline)) return 'offline';
  if (failures.some(({ kind }) => kind === 'forbidden')) return 'forbidden';
  if (failures.some(({ kind }) => kind === 'notSignedIn')) return 'tenantNeedsSignIn';
  if (failures.length > 0) return 'failed';
  if (filtered) return 'filteredOut';
  return subscriptions.length === 0 ? 'noSubscription' : 'noneFound';
}

/**
 * True when the empty state says all there is, so that the view may be left empty for its welcome: problems have
 * nodes of their own unless one of the welcomes is about exactly them.
 */
export function showsWelcome(catalog: Catalog): boolean {
  const state = emptyState(catalog);
  if (state === undefined || catalog.added.length > 0) return false;
  switch (state) {
    case 'signingIn':
    case 'signedOut':
    case 'noSubscription':
    case 'filteredOut':
    case 'noneFound':
      return catalog.problems.length === 0 || state === 'signedOut';
    case 'tenantNeedsSignIn':
    case 'forbidden':
    case 'offline':
      // One cause for everything is a welcome; several causes are nodes, each with its own remedy.
      return catalog.problems.length === 1;
    case 'loading':
    case 'failed':
      return false;
  }
}
