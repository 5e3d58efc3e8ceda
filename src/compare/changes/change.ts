import type { Edit, ResourceJson } from '../../azure/resourceEdits.ts';

/** Settings of one resource from one value to another. */
export interface SettingsChange {
  readonly kind: 'settings';
  readonly id: string;
  /** What it is good for, as people read it. */
  readonly title: string;
  readonly resourceId: string;
  readonly resourceName: string;
  readonly tenantId: string | undefined;
  /** The new values. */
  readonly edits: readonly Edit[];
  /** The values that were seen at the same places. */
  readonly before: readonly Edit[];
}

/** Who is to hold a role: somebody whose id is known, or the system-assigned identity that a resource has by then. */
export type Holder =
  | {
      readonly principalId: string;
      /** Undefined: Azure looks it up. */
      readonly principalType: 'ServicePrincipal' | 'User' | 'Group' | undefined;
    }
  | { readonly identityOf: string };

/** A role for somebody at exactly one resource. */
export interface RoleChange {
  readonly kind: 'role';
  readonly id: string;
  readonly title: string;
  readonly scope: string;
  readonly scopeName: string;
  readonly tenantId: string | undefined;
  readonly roleDefinitionId: string;
  readonly holder: Holder;
  /** Name of the holder shown to people. */
  readonly holderName: string;
}

/** A container of a storage account. It is never taken back: by then it may hold data. */
export interface ContainerChange {
  readonly kind: 'container';
  readonly id: string;
  readonly title: string;
  readonly accountName: string;
  readonly blobEndpoint: string;
  readonly tenantId: string | undefined;
  readonly container: string;
}

/** An event subscription that is deleted for as long as a migration takes. Putting it back makes it as it was. */
export interface EventSubscriptionChange {
  readonly kind: 'eventSubscription';
  readonly id: string;
  readonly title: string;
  /** Its own id. */
  readonly resourceId: string;
  readonly name: string;
  /** Whose events it takes, as people read it. */
  readonly scopeName: string;
  readonly tenantId: string | undefined;
  readonly properties: ResourceJson;
}

/** One write to Azure, as data: shown before it is made, and remembered afterwards. */
export type Change = SettingsChange | RoleChange | ContainerChange | EventSubscriptionChange;

const partOf = ({ edits }: SettingsChange): 'identity' | 'tags' | 'settings' => {
  const keys = new Set(edits.map(({ path }) => path[0]));
  if (keys.size === 1 && keys.has('identity')) return 'identity';
  return keys.size === 1 && keys.has('tags') ? 'tags' : 'settings';
};

/**
 * Identities first, then the roles that they need, then what uses both; event subscriptions last, for nothing of a service
 * can be written while its events are being switched (azure-control-plane, rules for a safe write).
 */
function rankOf(change: Change): number {
  if (change.kind === 'role') return 1;
  if (change.kind === 'container') return 2;
  if (change.kind === 'eventSubscription') return 5;
  return { identity: 0, settings: 3, tags: 4 }[partOf(change)];
}

/**
 * The writes that a choice of changes comes to, in the order in which they are made. Settings of one resource become one
 * write, but for its identity and its tags, which are written by themselves.
 */
export function orderedSteps(changes: readonly Change[]): readonly Change[] {
  const steps = new Map<string, Change>();
  for (const change of changes) {
    const key = change.kind === 'settings' ? `${change.resourceId.toLowerCase()} ${partOf(change)}` : change.id;
    const same = steps.get(key);
    steps.set(key, same?.kind === 'settings' && change.kind === 'settings' ? merged(same, change) : change);
  }
  return [...steps.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

const merged = (a: SettingsChange, b: SettingsChange): SettingsChange => ({
  ...a,
  id: `${a.id} ${b.id}`,
  title: `${a.title}; ${b.title}`,
  edits: [...a.edits, ...b.edits],
  before: [...a.before, ...b.before],
});
