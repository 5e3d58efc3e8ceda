import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ServiceKind } from '../../fhir/serviceKind.ts';

/** Kind of a service in the product's words. */
export function kindName(kind: ServiceKind): string {
  switch (kind) {
    case 'azureApiForFhir':
      return l10n.t('Azure API for FHIR');
    case 'ahds':
      return l10n.t('AHDS FHIR service');
    case 'fhirServer':
      return l10n.t('FHIR server');
  }
}

/** FHIR release of a version number, for example `R4` of `4.0` or `4.0.1`; the number itself where no release is known. */
export function releaseName(fhirVersion: string): string {
  const releases: Readonly<Record<string, string>> = { '3.0': 'STU3', '4.0': 'R4', '4.3': 'R4B', '5.0': 'R5' };
  return releases[fhirVersion.split('.').slice(0, 2).join('.')] ?? fhirVersion;
}

/** How the target takes imports, in words; undefined when ARM did not say. */
export function importModeName(mode: DiscoveredService['importMode']): string | undefined {
  switch (mode) {
    case undefined:
      return undefined;
    case 'off':
      return l10n.t('off');
    case 'incremental':
      return l10n.t('incremental');
    case 'initial':
      return l10n.t('initial (locks the service for everything else)');
  }
}

/** True when ARM reports a state in which the service can be used, or reports none. */
export function isReady(service: Pick<DiscoveredService, 'provisioningState'>): boolean {
  return service.provisioningState === undefined || service.provisioningState === 'Succeeded';
}

/** Kind, FHIR release, location and state in one short line. The state is left out when it is as it should be. */
export function serviceSummary(service: DiscoveredService): string {
  return [
    // The side bar is narrow, and "AHDS" alone says it among FHIR services.
    service.kind === 'ahds' ? 'AHDS' : kindName(service.kind),
    service.fhirVersion === undefined ? undefined : releaseName(service.fhirVersion),
    service.location,
    isReady(service) ? undefined : service.provisioningState,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}
