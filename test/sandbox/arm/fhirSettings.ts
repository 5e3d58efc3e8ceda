import type { FhirServiceSpec } from '../contract.ts';
import type { JsonObject } from '../http.ts';
import { healthcareType } from './healthcareTypes.ts';
import { objectAt, properties, textAt, type ArmResource } from './world.ts';

/** ARM type of a service; undefined for a server that ARM does not know. */
export function armTypeOf(spec: FhirServiceSpec): string | undefined {
  switch (spec.flavour) {
    case 'azureApiForFhir':
      return 'Microsoft.HealthcareApis/services';
    case 'ahds':
      return 'Microsoft.HealthcareApis/workspaces/fhirservices';
    case 'fhirServer':
      return undefined;
  }
}

/** ARM's `kind` of a service. */
export function armKindOf(spec: FhirServiceSpec): string {
  return spec.fhirVersion === '3.0.2' ? 'fhir-Stu3' : 'fhir-R4';
}

/** The properties that ARM shows for a service that runs by this specification. */
export function propertiesOf(
  spec: FhirServiceSpec,
  where: { readonly authority: string; readonly audience: string; readonly firstAccount: string },
): JsonObject {
  const type = healthcareType(armTypeOf(spec) ?? '');
  return {
    ...type?.defaults,
    provisioningState: 'Succeeded',
    authenticationConfiguration: { authority: where.authority, audience: where.audience, smartProxyEnabled: false },
    ...storageConfiguration(spec, where.firstAccount),
  };
}

/** The part of the properties that `configure` can change. */
export function storageConfiguration(spec: FhirServiceSpec, firstAccount: string): JsonObject {
  const importing = spec.flavour === 'ahds' && spec.importEnabled !== false;
  return {
    exportConfiguration: spec.exportEnabled === false ? {} : { storageAccountName: spec.exportAccount ?? firstAccount },
    importConfiguration: {
      enabled: importing,
      initialImportMode: importing && spec.initialImportMode === true,
      ...(importing ? { integrationDataStore: spec.importAccount ?? firstAccount } : {}),
    },
  };
}

/** What a write through ARM changes about the service behind it. */
export function specChangeOf(resource: ArmResource): Partial<FhirServiceSpec> {
  const exportAccount = textAt(objectAt(properties(resource), 'exportConfiguration'), 'storageAccountName');
  const importing = objectAt(properties(resource), 'importConfiguration');
  const importAccount = textAt(importing, 'integrationDataStore');
  return {
    exportEnabled: exportAccount !== undefined && exportAccount !== '',
    ...(exportAccount === undefined ? {} : { exportAccount }),
    importEnabled: importing.enabled === true,
    initialImportMode: importing.initialImportMode === true,
    ...(importAccount === undefined ? {} : { importAccount }),
  };
}

/** The specification of a service that was made through ARM. */
export function specOf(resource: ArmResource): FhirServiceSpec {
  return {
    name: resource.names.at(-1) ?? '',
    flavour: resource.type.endsWith('/fhirservices') ? 'ahds' : 'azureApiForFhir',
    fhirVersion: textAt(resource.document, 'kind') === 'fhir-Stu3' ? '3.0.2' : '4.0.1',
    ...specChangeOf(resource),
  };
}

/** The audience that the service takes tokens for. */
export function audienceOf(resource: ArmResource): string | undefined {
  return textAt(objectAt(properties(resource), 'authenticationConfiguration'), 'audience');
}
