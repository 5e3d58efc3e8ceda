import { definitionKey, profileTypes } from '../../compare/definitionDrift.ts';
import { definitionsInOrder } from '../../compare/definitionOrder.ts';
import { FailureError } from '../../failure/failure.ts';
import { copyDefinitions, type DefinitionCopy } from '../../fhir/copyDefinitions.ts';
import { openSide, type SideOptions } from '../compare/side.ts';
import { checkSameVersion } from '../definitions/sameVersion.ts';
import { untilStopped } from '../definitions/untilStopped.ts';
import type { ProfileServices } from './contract.ts';

/** Copies profiles and terminology over the clients of one session; see {@link ProfileServices}. */
export function profileServices(options: Omit<SideOptions, 'signal'>): ProfileServices {
  return {
    copy: async (source, target, { only, overwrite = [], staging }, progress, signal) => {
      const sideOptions = { ...options, signal };
      const [from, to] = await Promise.all([
        openSide(source, { types: profileTypes, withUse: false, staging }, sideOptions),
        openSide(target, { types: profileTypes, withUse: false }, sideOptions),
      ]);
      await checkSameVersion(from, to);
      const [all, held] = await Promise.all([from.definitions(), to.definitions()]);
      const isNamed = (names: readonly string[], definition: Readonly<Record<string, unknown>>): boolean =>
        names.includes(definitionKey(definition)) ||
        (typeof definition.url === 'string' && names.includes(definition.url));
      const unknown = only?.find((name) => !all.definitions.some((definition) => isNamed([name], definition)));
      if (unknown !== undefined) throw notThere(from.service.name, unknown);
      const client = await to.client();
      const definitions = definitionsInOrder(
        all.definitions.filter((definition) => only === undefined || isNamed(only, definition)),
      );
      return untilStopped<DefinitionCopy>(
        client.name,
        (told) =>
          copyDefinitions(
            client,
            {
              definitions,
              held: held.definitions,
              keyOf: definitionKey,
              mayReplace: (definition) => isNamed(overwrite, definition),
              progress: (copied, done, total) => {
                told(copied);
                progress(copied, done, total);
              },
            },
            signal,
          ),
        (told, failure) =>
          definitions
            .slice(told.length)
            .map((one) => ({ type: one.resourceType, key: definitionKey(one), outcome: 'failed', failure })),
      );
    },
  };
}

const notThere = (service: string, url: string): FailureError =>
  new FailureError({
    kind: 'invalidInput',
    message: `${service} has no profile, value set or code system with the URL ${url.slice(0, 200)}.`,
    service,
    nextStep: 'Compare the profiles of both services to see what there is.',
  });
