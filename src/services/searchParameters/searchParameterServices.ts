import type { FhirClient } from '../../fhir/fhirClient.ts';
import { parametersIn } from '../compare/compareAspect.ts';
import { openSide, type ServiceRef, type SideOptions } from '../compare/side.ts';
import { checkSameVersion } from '../definitions/sameVersion.ts';
import type { SearchParameterServices } from './contract.ts';
import { copyParameters } from './copyParameters.ts';
import { parametersReady } from './parametersReady.ts';
import { cancelReindex, watchReindex } from './watchReindex.ts';

const wanted = { types: ['SearchParameter'], withUse: false };

/** Custom search parameters of two services, over the clients of one session. */
export function searchParameterServices(options: Omit<SideOptions, 'signal'>): SearchParameterServices {
  const clientOf = async (ref: ServiceRef, signal: AbortSignal): Promise<FhirClient> =>
    (await openSide(ref, wanted, { ...options, signal })).client();
  return {
    copy: async (source, target, choice, signal, progress = () => undefined) => {
      const [from, to] = await Promise.all([
        openSide(source, { ...wanted, staging: choice.staging }, { ...options, signal }),
        openSide(target, wanted, { ...options, signal }),
      ]);
      await checkSameVersion(from, to);
      const all = parametersIn((await from.definitions()).definitions);
      return copyParameters({ name: from.service.name, all }, await to.client(), choice, signal, progress);
    },
    reindex: async (target, progress, choice, signal) =>
      watchReindex(await clientOf(target, signal), progress, choice, signal),
    cancelReindex: async (target, jobId, signal) => cancelReindex(await clientOf(target, signal), jobId, signal),
    ready: async (target, signal) => parametersReady(await clientOf(target, signal), signal),
  };
}
