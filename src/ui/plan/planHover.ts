import { getLocation, parseTree, findNodeAtOffset } from 'jsonc-parser';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { endpointKey } from '../tree/buildTree.ts';
import { serviceTooltip } from '../tree/render.ts';

/** What is known of the service under the pointer, and the text that it is about. */
export interface PlanHover {
  readonly markdown: string;
  readonly offset: number;
  readonly length: number;
}

/** Facts of the service whose endpoint, name or resource id the pointer is on; undefined elsewhere or when unknown. */
export function planHover(text: string, offset: number, services: readonly DiscoveredService[]): PlanHover | undefined {
  const { path, isAtPropertyKey } = getLocation(text, offset);
  const [part, field] = path;
  if (isAtPropertyKey || (part !== 'source' && part !== 'target')) return undefined;
  if (field !== 'endpoint' && field !== 'name' && field !== 'resourceId') return undefined;
  const root = parseTree(text);
  const node = root === undefined ? undefined : findNodeAtOffset(root, offset);
  if (node === undefined || typeof node.value !== 'string') return undefined;
  const value = node.value;
  const service = services.find(
    ({ endpoint, name, resourceId }) =>
      (field === 'endpoint' && endpointKey(endpoint) === endpointKey(value)) ||
      (field === 'name' && name === value) ||
      (field === 'resourceId' && resourceId?.toLowerCase() === value.toLowerCase()),
  );
  if (service === undefined) return undefined;
  return { markdown: serviceTooltip(service), offset: node.offset, length: node.length };
}
