import { randomUUID } from 'node:crypto';
import type { Flavour, SandboxClock, StoredVersion } from '../../contract.ts';
import { badRequest, fhirError } from '../outcome.ts';
import { canonicalJson, isValidId, tombstoneJson, type ParsedResource } from '../resourceText.ts';
import type { TimeOrderedStore } from '../store.ts';

/** How a write ended. */
export interface Saved {
  readonly version: StoredVersion;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** Documents of gen1 stay under 2 MB. Microsoft Learn, healthcare-apis: azure-api-for-fhir/fhir-features-supported. */
const gen1DocumentLimit = 2 * 1024 * 1024;

/** Writes to a store by the rules of the REST interface: versions count up, times never run backwards. */
export class ResourceWriter {
  private readonly store: TimeOrderedStore;
  private readonly clock: SandboxClock;
  private readonly flavour: () => Flavour;
  /** States before the writes of a transaction; undefined outside one. */
  private undo: Map<string, () => void> | undefined;

  constructor(store: TimeOrderedStore, clock: SandboxClock, flavour: () => Flavour) {
    this.store = store;
    this.clock = clock;
    this.flavour = flavour;
  }

  /** Stores a resource under a new id; an id in the resource does not count. */
  create(resource: ParsedResource, id: string = randomUUID()): Saved {
    return this.save(resource, id, 'POST');
  }

  /**
   * Stores a resource under its id, creating it when it is not there. The same content again makes no new version.
   * @param ifMatch value of the If-Match header
   * @throws FhirError 400 when the header is malformed, 404 when it names a version of nothing, 412 when it does not match
   */
  update(resource: ParsedResource, id: string, ifMatch?: string): Saved {
    if (!isValidId(id)) throw badRequest(idRequirements);
    if (ifMatch !== undefined) this.checkMatch(resource.type, id, ifMatch);
    return this.save(resource, id, 'PUT');
  }

  /** Writes a tombstone. Undefined when there is nothing to delete. */
  delete(type: string, id: string): StoredVersion | undefined {
    const current = this.store.current(type, id);
    if (current === undefined || current.deleted) return undefined;
    return this.append(type, id, tombstoneJson(type, id), 'DELETE');
  }

  /** Removes a resource with all its versions. */
  hardDelete(type: string, id: string): boolean {
    this.remember(type, id);
    return this.store.purge(type, id);
  }

  /** Removes all versions but the current one. */
  purgeHistory(type: string, id: string): void {
    const current = this.store.current(type, id);
    if (current === undefined) return;
    this.remember(type, id);
    this.store.purge(type, id);
    this.store.put(current);
  }

  /** From now on every change can be taken back. */
  begin(): void {
    this.undo = new Map();
  }

  commit(): void {
    this.undo = undefined;
  }

  rollBack(): void {
    for (const restore of this.undo?.values() ?? []) restore();
    this.undo = undefined;
  }

  private save({ type, content }: ParsedResource, id: string, method: 'POST' | 'PUT'): Saved {
    const json = canonicalJson(content, type, id);
    if (this.flavour() === 'azureApiForFhir' && json.length > gen1DocumentLimit) {
      throw fhirError(413, 'invalid', "The requested resource exceeded the backing database's size limit.");
    }
    const current = this.store.current(type, id);
    if (current?.json === json && !current.deleted) return { version: current, outcome: 'unchanged' };
    const version = this.append(type, id, json, method);
    return { version, outcome: current === undefined ? 'created' : 'updated' };
  }

  private append(type: string, id: string, json: string, method: StoredVersion['method']): StoredVersion {
    this.remember(type, id);
    const current = this.store.current(type, id);
    const versionId = current === undefined ? '1' : String(Number(current.versionId) + 1);
    const now = Math.floor(this.clock.now());
    const lastUpdated = current === undefined ? now : Math.max(now, current.lastUpdated + 1);
    this.store.put({ type, id, versionId, lastUpdated, deleted: method === 'DELETE', method, json });
    const stored = this.store.current(type, id);
    if (stored === undefined) throw new Error('A version that was just stored is not there.');
    return stored;
  }

  private checkMatch(type: string, id: string, ifMatch: string): void {
    const expected = /^(?:W\/)?"([^"]+)"$/.exec(ifMatch)?.[1];
    if (expected === undefined) throw badRequest(`WeakETag '${ifMatch}' must be in the weak ETag format.`);
    const current = this.store.current(type, id);
    if (current === undefined) {
      const text = `Resource type '${type}' with id '${id}' and version '${expected}' couldn't be found.`;
      throw fhirError(404, 'not-found', text);
    }
    if (current.versionId !== expected) {
      throw fhirError(412, 'required', `The supplied version '${expected}' did not match.`);
    }
  }

  private remember(type: string, id: string): void {
    const key = `${type}/${id}`;
    if (this.undo === undefined || this.undo.has(key)) return;
    const before = [...this.store.versions(type, id)];
    this.undo.set(key, () => {
      this.store.purge(type, id);
      for (const version of before) this.store.put(version);
    });
  }
}

const idRequirements =
  "Id must be any combination of upper or lower case ASCII letters ('A'..'Z', and 'a'..'z'), numerals ('0'..'9'), '-' and '.', with a length limit of 64 characters. (This might be an integer, an un-prefixed OID, UUID, or any other identifier pattern that meets these constraints.)";
