import { type Failure, FailureError, toFailure } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { stopsAll } from './copySearchParameters.ts';
import type { DefinitionResource } from './definitions.ts';
import type { FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { sameDefinition } from './sameDefinition.ts';
import { createDefinition, replaceDefinition } from './writeDefinition.ts';

/** What became of one profile, value set or code system. */
export interface DefinitionCopy {
  readonly type: string;
  /** Canonical URL and business version, see `definitionKey`. */
  readonly key: string;
  readonly outcome: 'created' | 'replaced' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

export interface DefinitionCopyRequest {
  /** In the order in which they are written. */
  readonly definitions: readonly DefinitionResource[];
  /** What the service has of these types. */
  readonly held: readonly DefinitionResource[];
  readonly keyOf: (definition: DefinitionResource) => string;
  /** Whether another definition of the same key may be replaced. */
  readonly mayReplace: (definition: DefinitionResource) => boolean;
  /** Hears of each when it is done or refused. */
  readonly progress: (copied: DefinitionCopy, done: number, total: number) => void;
}

const attempted = { tried: 'Writing a definition', role: 'FHIR Data Contributor' };

/**
 * Writes profiles and terminology to a service, one after the other, each with its outcome. What the service has with the
 * same content is left alone; another content of the same URL is replaced only where that was allowed. A refusal of one
 * does not stop the others, except one that holds for all, such as a missing right; what was not tried is told as failed
 * with that reason.
 * @throws FailureError `cancelled` when the user stopped it; what was told until then holds
 */
export async function copyDefinitions(
  client: FhirClient,
  request: DefinitionCopyRequest,
  signal: AbortSignal,
): Promise<readonly DefinitionCopy[]> {
  const { definitions, held, keyOf, progress } = request;
  const named = (one: DefinitionResource): string => `${one.resourceType} ${keyOf(one)}`;
  const there = new Map(held.map((one) => [named(one), one]));
  const taken = new Map<string, Set<string>>();
  for (const { resourceType, id } of held)
    if (typeof id === 'string') taken.set(resourceType, (taken.get(resourceType) ?? new Set()).add(id));
  const copies: DefinitionCopy[] = [];
  let barrier: Failure | undefined;
  for (const definition of definitions) {
    const { resourceType: type } = definition;
    const key = keyOf(definition);
    const result: Pick<DefinitionCopy, 'outcome' | 'failure'> =
      barrier === undefined
        ? await copyOne(client, definition, there.get(named(definition)), taken.get(type) ?? new Set(), request, signal)
        : { outcome: 'failed', failure: barrier };
    const copy = { type, key, ...result };
    copies.push(copy);
    if (result.failure !== undefined && stopsAll(result.failure)) barrier = result.failure;
    progress(copy, copies.length, definitions.length);
  }
  return copies;
}

async function copyOne(
  client: FhirClient,
  definition: DefinitionResource,
  held: DefinitionResource | undefined,
  taken: ReadonlySet<string>,
  { mayReplace }: DefinitionCopyRequest,
  signal: AbortSignal,
): Promise<Pick<DefinitionCopy, 'outcome' | 'failure'>> {
  if (held !== undefined && sameDefinition(held, definition)) return { outcome: 'alreadyThere' };
  if (held !== undefined && !mayReplace(definition)) return { outcome: 'failed', failure: differs(client) };
  try {
    const answer =
      held === undefined
        ? await createDefinition(client, definition, taken, signal)
        : await replaceDefinition(client, held, definition, signal);
    if (isWritten(answer)) return { outcome: held === undefined ? 'created' : 'replaced' };
    return { outcome: 'failed', failure: fhirFailure(answer, attempted).failure };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { outcome: 'failed', failure: toFailure(error) };
  }
}

const isWritten = ({ status }: HttpAnswer): boolean => status === 200 || status === 201;

const differs = (client: FhirClient): Failure => ({
  kind: 'conflict',
  message: `${client.name} has another content under this URL; it was left as it is.`,
  service: client.name,
  nextStep: 'Compare both, then keep the one of the target, or allow that it is overwritten.',
});
