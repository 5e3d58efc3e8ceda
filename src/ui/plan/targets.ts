import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Choice } from '../platform/prompts.ts';
import { endpointKey } from '../tree/buildTree.ts';
import { isReady, kindName, releaseName, serviceSummary } from '../words/serviceWords.ts';

const release = (version: string): string => version.split('.').slice(0, 2).join('.');

/**
 * Why a service cannot be the target of a migration from this source; undefined when it can. What is not known here is
 * no reason: preflight finds out.
 */
export function targetRefusal(source: DiscoveredService, candidate: DiscoveredService): string | undefined {
  if (endpointKey(source.endpoint) === endpointKey(candidate.endpoint) || source.id === candidate.id) {
    return l10n.t('This is the source itself.');
  }
  if (candidate.kind !== 'ahds') {
    return l10n.t('A target must be an AHDS FHIR service; this is: {0}.', kindName(candidate.kind));
  }
  if (
    source.fhirVersion !== undefined &&
    candidate.fhirVersion !== undefined &&
    release(source.fhirVersion) !== release(candidate.fhirVersion)
  ) {
    return l10n.t(
      'It speaks FHIR {0}, the source {1}.',
      releaseName(candidate.fhirVersion),
      releaseName(source.fhirVersion),
    );
  }
  if (!isReady(candidate)) {
    return l10n.t('Its provisioning state is {0}.', candidate.provisioningState ?? '');
  }
  return undefined;
}

/** What has to be set on a target before it can import, which "Prepare…" does; undefined when nothing is known to be. */
export function targetToPrepare({ importMode }: DiscoveredService): string | undefined {
  if (importMode === 'initial') return l10n.t('In initial import mode: "Prepare…" switches it to incremental.');
  return importMode === 'off' ? l10n.t('Import is off: "Prepare…" turns it on.') : undefined;
}

/** All services as targets: possible ones first, the last choice on top, the others with the reason why not. */
export function targetChoices(
  source: DiscoveredService,
  services: readonly DiscoveredService[],
  lastTarget: string | undefined,
): readonly Choice<DiscoveredService>[] {
  const choices = services.map((service): Choice<DiscoveredService> => {
    const unavailable = targetRefusal(source, service);
    const place = [service.workspace, service.resourceGroup].filter((part) => part !== undefined).join(' / ');
    return {
      label: service.name,
      description: serviceSummary(service),
      detail: [unavailable === undefined ? (targetToPrepare(service) ?? '') : '', place, service.endpoint]
        .filter((part) => part !== '')
        .join(' · '),
      icon: 'flame',
      value: service,
      picked: unavailable === undefined && service.id === lastTarget,
      ...(unavailable === undefined ? {} : { unavailable }),
    };
  });
  return choices.sort(
    (a, b) => Number(b.picked ?? false) - Number(a.picked ?? false) || a.label.localeCompare(b.label),
  );
}
