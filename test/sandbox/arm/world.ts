import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../http.ts';
import type { Directory } from '../login/directory.ts';
import { RoleAssignments } from './roleAssignments.ts';

export interface Subscription {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly displayName: string;
  /** It is listed, and every other request about it is refused with 403. */
  readonly forbidden: boolean;
}

export interface ResourceGroup {
  readonly subscriptionId: string;
  readonly name: string;
  location: string;
  tags: JsonObject;
}

/** A resource as ARM keeps it: the document is what a GET answers, and is replaced, never changed in place. */
export interface ArmResource {
  readonly id: string;
  /** For example `Microsoft.HealthcareApis/workspaces/fhirservices`. */
  readonly type: string;
  /** One per type, for example workspace and service. */
  readonly names: readonly string[];
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  document: JsonObject;
}

/** Where a resource is made. */
export interface ResourcePlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly type: string;
  readonly names: readonly string[];
}

/** The resource model: everything that ARM knows, in memory. Look-ups ignore case, as ARM does. */
export class ArmWorld {
  readonly directory: Directory;
  readonly assignments = new RoleAssignments();
  /** User-assigned identities by their ids in lower case. */
  readonly userIdentities = new Map<string, { readonly principalId: string; readonly clientId: string }>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #groups = new Map<string, ResourceGroup>();
  readonly #resources = new Map<string, ArmResource>();

  constructor(directory: Directory) {
    this.directory = directory;
  }

  addSubscription(subscription: Subscription): void {
    this.#subscriptions.set(subscription.subscriptionId.toLowerCase(), subscription);
  }

  subscription(subscriptionId: string): Subscription | undefined {
    return this.#subscriptions.get(subscriptionId.toLowerCase());
  }

  subscriptions(tenantId: string): readonly Subscription[] {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.tenantId === tenantId);
  }

  addGroup(group: ResourceGroup): void {
    this.#groups.set(groupId(group.subscriptionId, group.name).toLowerCase(), group);
  }

  group(subscriptionId: string, name: string): ResourceGroup | undefined {
    return this.#groups.get(groupId(subscriptionId, name).toLowerCase());
  }

  groups(subscriptionId: string): readonly ResourceGroup[] {
    return [...this.#groups.values()].filter((group) => group.subscriptionId === subscriptionId);
  }

  /** Adds or replaces a resource; its group is made when it is missing. `content` is the document without its envelope. */
  put(place: ResourcePlace, content: JsonObject): ArmResource {
    const location = typeof content.location === 'string' ? content.location : 'westeurope';
    if (this.group(place.subscriptionId, place.resourceGroup) === undefined) {
      this.addGroup({ subscriptionId: place.subscriptionId, name: place.resourceGroup, location, tags: {} });
    }
    const id = resourceId(place);
    const resource: ArmResource = this.resource(id) ?? { ...place, id, document: {} };
    resource.document = {
      id: resource.id,
      name: resource.names.at(-1) ?? '',
      type: resource.type,
      ...content,
      etag: newEtag(),
    };
    this.#resources.set(id.toLowerCase(), resource);
    return resource;
  }

  /** Adds or replaces a resource that sits on another one: a lock, a diagnostic setting. */
  putExtension(id: string, type: string, name: string, content: JsonObject): ArmResource {
    const [, , subscriptionId = '', , resourceGroup = ''] = id.split('/');
    const resource = {
      id,
      type,
      names: [name],
      subscriptionId,
      resourceGroup,
      document: { id, name, type, ...content },
    };
    this.#resources.set(id.toLowerCase(), resource);
    return resource;
  }

  remove(id: string): void {
    this.#resources.delete(id.toLowerCase());
  }

  resource(id: string): ArmResource | undefined {
    return this.#resources.get(id.toLowerCase());
  }

  /** All resources, ordered by id. */
  resources(): readonly ArmResource[] {
    return [...this.#resources.values()].sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
  }

  /** Resources of a type (case does not matter) below a scope. */
  list(type: string, scope: string): readonly ArmResource[] {
    const [wanted, prefix] = [type.toLowerCase(), `${scope.toLowerCase()}/`];
    return this.resources().filter(
      (resource) => resource.type.toLowerCase() === wanted && resource.id.toLowerCase().startsWith(prefix),
    );
  }

  /** Replaces keys of a document; the etag changes. */
  change(resource: ArmResource, change: JsonObject): void {
    resource.document = { ...resource.document, ...change, etag: newEtag() };
  }

  /** Replaces keys below `properties`; the etag changes. */
  changeProperties(resource: ArmResource, change: JsonObject): void {
    this.change(resource, { properties: { ...properties(resource), ...change } });
  }
}

/** The `properties` of a resource; empty when it has none. */
export function properties(resource: ArmResource): JsonObject {
  return objectAt(resource.document, 'properties');
}

/** An object below a key; empty when there is none. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value: Json | undefined = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A text below a key. */
export function textAt(parent: JsonObject, key: string): string | undefined {
  const value = parent[key];
  return typeof value === 'string' ? value : undefined;
}

export function groupId(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
}

/** The ARM id of a place. */
export function resourceId(place: ResourcePlace): string {
  const [namespace = '', ...types] = place.type.split('/');
  const path = types.map((type, index) => `/${type}/${place.names[index] ?? ''}`).join('');
  return `${groupId(place.subscriptionId, place.resourceGroup)}/providers/${namespace}${path}`;
}

function newEtag(): string {
  return `"${randomUUID()}"`;
}
