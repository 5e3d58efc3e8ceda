import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ServiceNode } from '../tree/nodes.ts';

/*
 * What a command was called with. The editor passes the node that was clicked and, with several selected, all of them;
 * the menu was chosen by the clicked one alone, so the others are checked again. Palette, walkthrough and tests pass
 * nothing, or the id of a thing.
 */

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The node behind a tree item, if the argument is one. */
export function nodeOf(argument: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(argument) && isRecord(argument.node) ? argument.node : undefined;
}

/** The node of a service, if the argument is one. */
export function serviceNodeOf(argument: unknown): ServiceNode | undefined {
  const node = nodeOf(argument);
  return node?.kind === 'service' ? (node as unknown as ServiceNode) : undefined;
}

/** Services named by what a command was called with: tree items, or ids or endpoints as text. */
export function servicesOf(
  clicked: unknown,
  selected: unknown,
  known: readonly DiscoveredService[],
): readonly DiscoveredService[] {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  const found = all.flatMap((argument) => {
    if (typeof argument === 'string') {
      const wanted = argument.replace(/\/+$/, '').toLowerCase();
      return known.filter(
        ({ id, endpoint }) => id.toLowerCase() === wanted || endpoint.replace(/\/+$/, '').toLowerCase() === wanted,
      );
    }
    const node = serviceNodeOf(argument);
    return node === undefined ? [] : [node.service];
  });
  return [...new Set(found)];
}

/** Id of the migration that a command was called with: a tree item of either kind, or the id as text. */
export function migrationIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const node = nodeOf(argument);
  if (node?.kind === 'attention' && typeof node.migration === 'string') return node.migration;
  const overview = isRecord(node?.state) ? node.state.overview : undefined;
  return isRecord(overview) && typeof overview.id === 'string' ? overview.id : undefined;
}

/** Ids of all migrations that a command was called with. */
export function migrationIdsOf(clicked: unknown, selected: unknown): readonly string[] {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  return [...new Set(all.map(migrationIdOf).filter((id) => id !== undefined))];
}

/** Splits what was selected into what a command can be done with and what it leaves out. */
export function fitting<T>(
  items: readonly T[],
  fits: (item: T) => boolean,
): { readonly chosen: readonly T[]; readonly leftOut: readonly T[] } {
  return { chosen: items.filter(fits), leftOut: items.filter((item) => !fits(item)) };
}
