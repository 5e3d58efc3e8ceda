import { type Failure, FailureError, toFailure } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { backOffMs } from '../http/backOff.ts';
import type { FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { inWritingOrder } from './parameterOrder.ts';
import { sameDefinition } from './sameDefinition.ts';
import { readSearchParameters, type SearchParameterSource } from './searchParameters.ts';
import { createDefinition } from './writeDefinition.ts';

export interface SearchParameterCopy {
  readonly url: string;
  readonly outcome: 'created' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

const attempted = { tried: 'Writing a search parameter', role: 'FHIR Data Contributor' };
/** Writes that lost a race of the server's own cache are repeated this often. */
const maxConflictAttempts = 4;

interface Present {
  readonly byUrl: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly ids: ReadonlySet<string>;
}

/**
 * Writes custom search parameters to a service, one after the other, because parallel writes conflict (release notes
 * 2026 of AHDS). What the service has with the same definition is left alone; a different definition of the same URL is
 * reported and never overwritten. A refusal of one does not stop the others, except one that holds for all: no right,
 * a lock, or a reindex in progress.
 * @param told hears of each when it is done or refused, in the order of the result
 * @throws FailureError `cancelled` when the user stopped it; what was told until then holds
 */
export async function copySearchParameters(
  client: FhirClient,
  parameters: readonly SearchParameterSource[],
  signal: AbortSignal,
  told: (copy: SearchParameterCopy) => void = () => undefined,
): Promise<readonly SearchParameterCopy[]> {
  if (parameters.length === 0) return [];
  const there = await readSearchParameters(client, signal);
  const present: Present = {
    byUrl: new Map(there.map(({ url, resource }) => [url, resource])),
    ids: new Set(there.flatMap(({ resource }) => (typeof resource.id === 'string' ? [resource.id] : []))),
  };
  const copies: SearchParameterCopy[] = [];
  let barrier: Failure | undefined;
  for (const parameter of inWritingOrder(parameters)) {
    const copy: SearchParameterCopy =
      barrier === undefined
        ? await copyOne(client, parameter, present, signal)
        : { url: parameter.url, outcome: 'failed', failure: barrier };
    copies.push(copy);
    told(copy);
    if (copy.failure !== undefined && stopsAll(copy.failure)) barrier = copy.failure;
  }
  return copies;
}

/** A failure that every further write would meet, too. */
export function stopsAll(failure: Failure): boolean {
  switch (failure.kind) {
    case 'notSignedIn':
    case 'forbidden':
    case 'locked':
    case 'retired':
    case 'network':
    case 'unavailable':
    case 'throttled':
      return true;
    case 'conflict':
      return failure.status === 409;
    default:
      return false;
  }
}

async function copyOne(
  client: FhirClient,
  parameter: SearchParameterSource,
  present: Present,
  signal: AbortSignal,
): Promise<SearchParameterCopy> {
  const { url, resource } = parameter;
  const held = present.byUrl.get(url);
  if (held !== undefined)
    return sameDefinition(held, resource)
      ? { url, outcome: 'alreadyThere' }
      : { url, outcome: 'failed', failure: differs(client) };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const definition = { ...resource, resourceType: 'SearchParameter' };
      const answer = await createDefinition(client, definition, present.ids, signal);
      if (answer.status === 200 || answer.status === 201) return { url, outcome: 'created' };
      // Defined by the FHIR specification on this server, so it searches already.
      if (answer.status === 405) return { url, outcome: 'alreadyThere' };
      const lostRace = answer.status === 400 && /optimistic concurrency/i.test(answer.text);
      if (!lostRace || attempt === maxConflictAttempts) {
        // Written by somebody since the list was read, or by an earlier attempt whose answer was lost.
        if (/already exists/i.test(answer.text) && (await isThere(client, parameter, signal)))
          return { url, outcome: 'alreadyThere' };
        return { url, outcome: 'failed', failure: explained(answer) };
      }
      await client.clock.sleep(backOffMs(attempt, client.random), signal);
    }
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { url, outcome: 'failed', failure: toFailure(error) };
  }
}

async function isThere(
  client: FhirClient,
  { url, resource }: SearchParameterSource,
  signal: AbortSignal,
): Promise<boolean> {
  const there = await readSearchParameters(client, signal);
  return there.some((held) => held.url === url && sameDefinition(held.resource, resource));
}

function differs(client: FhirClient): Failure {
  return {
    kind: 'conflict',
    message: `${client.name} has a search parameter with this URL and another definition; it was left as it is.`,
    service: client.name,
    nextStep: 'Compare both definitions, then change or delete the one on the target, or keep it.',
  };
}

function explained(answer: HttpAnswer): Failure {
  const { failure } = fhirFailure(answer, attempted);
  if (answer.status === 409)
    return { ...failure, nextStep: 'Wait until the reindex on the target has ended, or cancel it, then try again.' };
  return failure;
}
