import type { FhirClient } from '../../fhir/fhirClient.ts';
import { openSide, type ServiceRef, type SideOptions } from '../compare/side.ts';
import type { SearchParameterServices } from './contract.ts';
import { copyParameters } from './copyParameters.ts';
import { parametersReady } from './parametersReady.ts';
import { cancelReindex, watchReindex } from './watchReindex.ts';

/** Custom search parameters of two services, over the clients of one session. */
export function searchParameterServices(options: Omit<SideOptions, 'signal'>): SearchParameterServices {
  const clientOf = async (ref: ServiceRef, signal: AbortSignal): Promise<FhirClient> =>
    (await openSide(ref, [], { ...options, signal })).client();
  return {
    copy: async (source, target, choice, signal) => {
      const [from, to] = await Promise.all([clientOf(source, signal), clientOf(target, signal)]);
      return copyParameters(from, to, choice, signal);
    },
    reindex: async (target, progress, signal) => watchReindex(await clientOf(target, signal), progress, signal),
    cancelReindex: async (target, signal) => cancelReindex(await clientOf(target, signal), signal),
    ready: async (target, signal) => parametersReady(await clientOf(target, signal), signal),
  };
}
