import type { Failure } from '../../failure/failure.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { resourceTypePattern } from '../../fhir/names.ts';
import { probeSearch } from '../../fhir/probeSearch.ts';
import { searchParameterStatus } from '../../fhir/searchParameterStatus.ts';
import { readSearchParameters, type SearchParameterSource } from '../../fhir/searchParameters.ts';

/** Whether searches use a custom search parameter of the target, and why not. */
export interface ParameterReadiness {
  readonly url: string;
  readonly ready: boolean;
  /** As `$status` says; undefined where the service has none. */
  readonly status: string | undefined;
  readonly failure?: Failure;
}

/** A composite does not know the modifier `:missing` that probes use. */
const isProbed = ({ resource }: SearchParameterSource): boolean => resource.type !== 'composite';

/**
 * The gate "search parameters ready": every custom parameter is `Enabled`, and a search with strict handling that uses it
 * answers on the first type that it is for. Composite parameters are judged by their status alone.
 */
export async function parametersReady(client: FhirClient, signal: AbortSignal): Promise<readonly ParameterReadiness[]> {
  const [parameters, status] = [
    await readSearchParameters(client, signal),
    await searchParameterStatus(client, signal),
  ];
  const ready: ParameterReadiness[] = [];
  for (const parameter of parameters) {
    const { url, resource } = parameter;
    const state = status?.get(url);
    if (status !== undefined && state !== 'Enabled') {
      ready.push({ url, ready: false, status: state });
      continue;
    }
    const bases: readonly unknown[] = Array.isArray(resource.base) ? resource.base : [];
    const type = bases.find((one): one is string => typeof one === 'string' && resourceTypePattern.test(one));
    const failure =
      type === undefined || typeof resource.code !== 'string' || !isProbed(parameter)
        ? undefined
        : await probeSearch(client, type, resource.code, signal);
    ready.push({ url, ready: failure === undefined, status: state, ...(failure === undefined ? {} : { failure }) });
  }
  return ready;
}
