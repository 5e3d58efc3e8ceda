import { resourceTypesOf } from '../../compare/capabilityStatement.ts';
import { FailureError } from '../../failure/failure.ts';
import { readDefinitions } from '../../fhir/definitions.ts';
import { type DefinitionsAndUse, readDefinitionsAndUse } from '../../fhir/definitionsAndUse.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { stagedDefinitions, type StagedSource } from './stagedDefinitions.ts';

export interface HeldDefinitions extends DefinitionsAndUse {
  readonly from: 'service' | 'stagedFiles';
}

export interface DefinitionRequest {
  readonly client: FhirClient;
  readonly types: readonly string[];
  /** Whether to look for the profiles that the data names. */
  readonly withUse: boolean;
  readonly metadata: () => Promise<string>;
  /** Exported files in place of a service that refuses to be read. */
  readonly staged: () => Promise<StagedSource | undefined>;
}

/**
 * Definitions of a service. A deprecated Azure API for FHIR refuses every read of them: its exported files stand for it
 * then, and lack nothing, because it takes no changes either.
 * @throws FailureError `retired`, with what to do, when there are no such files
 */
export async function heldDefinitions(request: DefinitionRequest, signal: AbortSignal): Promise<HeldDefinitions> {
  const { client, types, withUse } = request;
  try {
    if (!withUse) return { definitions: await readDefinitions(client, types, signal), use: undefined, from: 'service' };
    const dataTypes = await listedTypes(request, signal);
    return { ...(await readDefinitionsAndUse(client, types, dataTypes, signal)), from: 'service' };
  } catch (error) {
    if (!FailureError.is(error, 'retired')) throw error;
    const staged = await request.staged();
    if (staged === undefined) throw withoutFiles(error);
    return { ...(await stagedDefinitions(staged, types, withUse, signal)), from: 'stagedFiles' };
  }
}

/** Types to look into for profiles: none where the statement cannot be used, which its own comparison tells. */
async function listedTypes({ metadata }: DefinitionRequest, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return resourceTypesOf(await metadata());
  } catch (error) {
    if (signal.aborted || FailureError.is(error, 'retired')) throw error;
    return [];
  }
}

function withoutFiles(error: FailureError): FailureError {
  return new FailureError(
    {
      ...error.failure,
      nextStep:
        'Its definitions are taken from exported files: migrate it first, or name the staging account that holds an export of everything.',
    },
    { cause: error },
  );
}
