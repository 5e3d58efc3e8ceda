/** A path of ARM, taken apart. Names keep their case, types are in lower case. */
export interface ArmPath {
  /** The whole path, decoded, without doubled slashes. */
  readonly id: string;
  /** What comes before the last `/providers/`: a resource, a resource group, a subscription; empty at tenant level. */
  readonly scope: string;
  /** Lower case, for example `microsoft.healthcareapis`; undefined when no provider is named. */
  readonly namespace: string | undefined;
  /** Types below the provider, or the plain path's words, joined by `/`, for example `workspaces/fhirservices`. */
  readonly types: string;
  /** One name per type; the last one is missing when a collection or an action is meant. */
  readonly names: readonly string[];
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
}

/** Takes a path apart as ARM does: doubled slashes and the case of types do not matter. Throws URIError. */
export function parseArmPath(path: string): ArmPath {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => decodeURIComponent(segment));
  const provider = segments.findLastIndex((segment, index) => index % 2 === 0 && segment.toLowerCase() === 'providers');
  const scope = provider < 0 ? [] : segments.slice(0, provider);
  const rest = provider < 0 ? segments : segments.slice(provider + 2);
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  return {
    id: join(segments),
    scope: join(scope),
    namespace: provider < 0 ? undefined : segments[provider + 1]?.toLowerCase(),
    types: types.join('/').toLowerCase(),
    names,
    subscriptionId: valueAfter(segments, 0, 'subscriptions')?.toLowerCase(),
    resourceGroup: valueAfter(segments, 2, 'resourcegroups'),
  };
}

function join(segments: readonly string[]): string {
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}

function valueAfter(segments: readonly string[], index: number, word: string): string | undefined {
  return segments[index]?.toLowerCase() === word ? segments[index + 1] : undefined;
}
