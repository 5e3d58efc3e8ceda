import { setImmediate } from 'node:timers/promises';
import type { SandboxClock } from '../../contract.ts';
import { badRequest, fhirError } from '../outcome.ts';
import { isValidId, parsed, type ParsedResource } from '../resourceText.ts';
import type { TimeOrderedStore } from '../store.ts';
import type { ResourceWriter, Saved } from '../write/writer.ts';
import { definitionOf } from './definitions.ts';
import type { ParameterRegistry } from './registry.ts';
import { systemDefined, validateParameter } from './validate.ts';

/** What writes of SearchParameter resources need. */
export interface ParameterWriteSurroundings {
  readonly store: TimeOrderedStore;
  readonly writer: ResourceWriter;
  readonly registry: ParameterRegistry;
  readonly clock: SandboxClock;
  /** Id of the reindex job under way. */
  activeReindex(): string | undefined;
}

/** How long a write of a search parameter takes, sandbox milliseconds; another one meanwhile is refused. */
const writeMs = 20;

/** Writes of SearchParameter resources: validated, registered, and one at a time. */
export class ParameterWrites {
  private readonly around: ParameterWriteSurroundings;
  private writing = false;

  constructor(around: ParameterWriteSurroundings) {
    this.around = around;
  }

  /** @throws FhirError 409 while a reindex is under way */
  requireNoReindex(): void {
    const id = this.around.activeReindex();
    if (id === undefined) return;
    const text = `Changes to search parameters are not allowed while a reindex job is in progress. Wait for the reindex job with Id: ${id} to finish, or cancel it.`;
    throw fhirError(409, 'conflict', text);
  }

  /** @param id undefined for POST */
  async save(resource: ParsedResource, id: string | undefined, ifMatch?: string): Promise<Saved> {
    this.requireNoReindex();
    const { registry, writer, store } = this.around;
    const method = id === undefined ? 'POST' : 'PUT';
    const definition = validateParameter(resource, method, registry, (url) => this.isUrlElsewhere(url, id));
    return this.alone(() => {
      const before = id === undefined ? undefined : store.current('SearchParameter', id);
      const saved = id === undefined ? writer.create(resource) : writer.update(resource, id, ifMatch);
      if (saved.outcome === 'unchanged') return saved;
      const oldUrl = before === undefined ? undefined : definitionOf(parsed(before), false).url;
      if (oldUrl !== undefined && oldUrl !== definition.url) registry.setState(oldUrl, 'Deleted');
      registry.add(definition, 'Supported');
      return saved;
    });
  }

  /** Marks a parameter for deletion; its resource goes with the next reindex. */
  async delete(id: string, hard: boolean): Promise<void> {
    this.requireNoReindex();
    const { registry, store } = this.around;
    const builtIn = registry.all().find(({ definition }) => definition.builtIn && definition.url.endsWith(`/${id}`));
    if (builtIn !== undefined) throw systemDefined(builtIn.definition.url);
    const current = store.current('SearchParameter', id);
    if (current === undefined) {
      throw fhirError(404, 'not-found', `Resource type 'SearchParameter' with id '${id}' couldn't be found.`);
    }
    await this.alone(() => {
      if (!current.deleted) {
        const { url } = definitionOf(parsed(current), false);
        registry.setState(url, hard ? 'PendingHardDelete' : 'PendingDelete');
      }
    });
  }

  /** Takes the resource of a parameter away, when its reindex is done. */
  remove(url: string, hard: boolean): void {
    const { store, writer } = this.around;
    for (const version of store.currents('SearchParameter')) {
      if (version.deleted || definitionOf(parsed(version), false).url !== url) continue;
      if (hard) writer.hardDelete(version.type, version.id);
      else writer.delete(version.type, version.id);
      return;
    }
  }

  /** Registers parameters that are already stored, as if they had been written and reindexed long ago. */
  adoptStored(): void {
    for (const version of this.around.store.currents('SearchParameter')) {
      if (version.deleted) continue;
      const definition = definitionOf(parsed(version), false);
      if (this.around.registry.byUrl(definition.url) === undefined) this.around.registry.add(definition, 'Enabled');
    }
  }

  private isUrlElsewhere(url: string, id: string | undefined): boolean {
    if (id === undefined) return false;
    if (!isValidId(id)) throw badRequest(`Invalid resource id: '${id}'.`);
    const { store, registry } = this.around;
    const state = registry.byUrl(url)?.state;
    if (state === undefined || state === 'PendingDelete' || state === 'Deleted') return false;
    for (const version of store.currents('SearchParameter')) {
      if (version.id !== id && !version.deleted && definitionOf(parsed(version), false).url === url) return true;
    }
    return false;
  }

  private async alone<T>(work: () => T): Promise<T> {
    if (this.writing) {
      const advice =
        'Make sure that custom search parameters are not written in parallel. Consider sequential writes or a bundle.';
      throw badRequest(`Optimistic concurrency conflict detected while writing custom search parameter(s). ${advice}`);
    }
    this.writing = true;
    try {
      const { clock } = this.around;
      // A clock that stands still never wakes: the other write then has one turn to come in between.
      await (clock.factor > 0 ? clock.sleep(writeMs) : setImmediate());
      return work();
    } finally {
      this.writing = false;
    }
  }
}
