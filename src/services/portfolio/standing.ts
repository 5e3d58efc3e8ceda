import type { MigrationOverview } from '../../engine/overview.ts';
import type { Standing } from './contract.ts';

type Seen = Pick<MigrationOverview, 'name' | 'phase' | 'createdAt'> & {
  readonly plan: {
    readonly source: { readonly endpoint: string };
    readonly target: { readonly endpoint: string };
    readonly rehearsalOf?: string | undefined;
  };
};

/** Where each service stands, by its endpoint in lower case without trailing slash; services without one are untouched. */
export function standings(migrations: readonly Seen[]): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  const oldestFirst = migrations
    .filter(({ plan }) => plan.rehearsalOf === undefined)
    .sort((a, b) => a.createdAt - b.createdAt);
  for (const { name, phase, plan } of oldestFirst) {
    for (const role of ['source', 'target'] as const)
      found.set(key(plan[role].endpoint), { state: stateOf(phase), role, migration: name });
  }
  return found;
}

export const standingOf = (all: ReadonlyMap<string, Standing>, endpoint: string): Standing =>
  all.get(key(endpoint)) ?? { state: 'untouched', role: undefined, migration: undefined };

function stateOf(phase: MigrationOverview['phase']): Standing['state'] {
  switch (phase) {
    case 'complete':
      return 'finished';
    case 'paused':
    case 'cancelled':
    case 'needsAttention':
      return 'stopped';
    default:
      return 'running';
  }
}

const key = (endpoint: string): string => endpoint.replace(/\/+$/, '').toLowerCase();
