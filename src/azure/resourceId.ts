/** Parts of an ARM resource id. Names keep the case in which they came; compare them without regard to it. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string | undefined;
  /** Lower case, for example `microsoft.healthcareapis/workspaces/fhirservices`. */
  readonly type: string;
  /** One name for each level of the type. */
  readonly names: readonly string[];
}

/** Id of the workspace that a FHIR service of AHDS lies in; undefined for anything else. */
export const workspaceIdOf = (resourceId: string): string | undefined =>
  /^(.+\/workspaces\/[^/]+)\/fhirservices\/[^/]+\/?$/i.exec(resourceId)?.[1];

const segment = /^[\w.()~%-]{1,260}$/;

/** Takes an ARM resource id apart; undefined when the text is not one. */
export function parseResourceId(text: string): ResourceId | undefined {
  if (!text.startsWith('/') || text.length > 2_000) return undefined;
  const parts = text.replace(/\/+$/, '').split('/').slice(1);
  if (!parts.every((part) => segment.test(part) && !/^\.+$/.test(part))) return undefined;
  const [subscriptions, subscriptionId, ...rest] = parts;
  if (subscriptions?.toLowerCase() !== 'subscriptions' || subscriptionId === undefined) return undefined;
  const hasGroup = rest[0]?.toLowerCase() === 'resourcegroups';
  const [providers, namespace, ...path] = hasGroup ? rest.slice(2) : rest;
  if (providers?.toLowerCase() !== 'providers' || namespace === undefined) return undefined;
  if (path.length < 2 || path.length % 2 !== 0) return undefined;
  const types = path.filter((_, index) => index % 2 === 0);
  return {
    subscriptionId,
    resourceGroup: hasGroup ? rest[1] : undefined,
    type: [namespace, ...types].join('/').toLowerCase(),
    names: path.filter((_, index) => index % 2 === 1),
  };
}
