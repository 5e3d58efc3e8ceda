import { type Aspect, aspects, type Comparison, type FailedAspect } from '../../compare/comparison.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import { compareAspect } from './compareAspect.ts';
import {
  definitionTypesOf,
  openSide,
  type ServiceRef,
  type Side,
  type SideOptions,
  type WantedDefinitions,
} from './side.ts';

/** Aspects that need Azure Resource Manager. */
const inAzureOnly: ReadonlySet<Aspect> = new Set(['configuration', 'roles', 'diagnostics']);

/**
 * Compares two services aspect by aspect; one that fails hides no other. Everything together costs 12 requests and the
 * further pages of lists.
 * @param wanted undefined: everything that can be asked of both services
 * @param options `staging`: where exported files of a source lie that refuses to be read
 * @throws FailureError when a service cannot be found at all, or the user stopped it
 */
export async function compareServices(
  source: ServiceRef,
  target: ServiceRef,
  wanted: readonly Aspect[] | undefined,
  options: SideOptions & Pick<WantedDefinitions, 'staging'>,
): Promise<Comparison> {
  const asked = wanted ?? aspects;
  const types = definitionTypesOf(asked.includes('searchParameters'), asked.includes('profiles'));
  const [from, to] = await Promise.all([
    openSide(source, { types, withUse: asked.includes('profiles'), staging: options.staging }, options),
    openSide(target, { types, withUse: false }, options),
  ]);
  if (sameEndpoint(from, to)) throw sameService(from);
  const known = [from, to].every(({ service }) => service.resourceId !== undefined);
  const compared = aspects.filter(
    (aspect) => asked.includes(aspect) && (wanted !== undefined || known || !inAzureOnly.has(aspect)),
  );
  return {
    source: { name: from.service.name, endpoint: from.service.endpoint },
    target: { name: to.service.name, endpoint: to.service.endpoint },
    aspects: await Promise.all(
      compared.map(async (aspect) => {
        try {
          return await compareAspect(aspect, from, to, options.arm, options.signal);
        } catch (error) {
          if (options.signal.aborted) throw error;
          return { aspect, failure: toFailure(error) } satisfies FailedAspect;
        }
      }),
    ),
  };
}

const sameEndpoint = (a: Side, b: Side): boolean =>
  a.service.endpoint.replace(/\/+$/, '').toLowerCase() === b.service.endpoint.replace(/\/+$/, '').toLowerCase();

const sameService = ({ service }: Side): FailureError =>
  new FailureError({
    kind: 'invalidInput',
    message: `Source and target are the same service: ${service.name}.`,
    service: service.name,
    nextStep: 'Choose another service to compare with.',
  });
