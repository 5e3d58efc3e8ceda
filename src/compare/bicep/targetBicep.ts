import type { TargetPlace, TargetProposal } from './targetProposal.ts';
import { bicepText, bicepValue } from './bicepValue.ts';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Marks the line that says where a file is deployed to. */
const mark = '// fhir-migration:';

/**
 * A target as a Bicep file that can be edited, deployed from here, or used by itself. Names, region and staging account are
 * parameters; what is not carried over stands at its beginning.
 */
export function targetBicep(
  sourceName: string,
  place: TargetPlace,
  proposal: TargetProposal,
  addressTemplate: string,
): string {
  const { kind, tags, properties, stagingAccount, notCarried } = proposal;
  const staging = stagingAccount !== undefined;
  const text = bicepValue(
    {
      ...properties,
      ...(staging ? { exportConfiguration: { storageAccountName: '\u0000staging' } } : {}),
      ...(staging
        ? {
            importConfiguration: {
              enabled: true,
              initialImportMode: false,
              integrationDataStore: '\u0000staging',
            },
          }
        : {}),
    },
    '  ',
  );
  const audience = addressTemplate.replace('{workspace}', place.workspace).replace('{fhir}', place.name);
  const interpolated = `'${bicepText(addressTemplate).slice(1, -1).replace('{workspace}', '${workspaceName}').replace('{fhir}', '${fhirServiceName}')}'`;
  const body = text
    .replaceAll(bicepText('\u0000staging'), 'stagingAccountName')
    .replace(`audience: ${bicepText(audience)}`, `audience: ${interpolated}`);
  return [
    `// A FHIR service of Azure Health Data Services for the data of ${oneLine(sourceName)}.`,
    `${mark} subscription=${place.subscriptionId} resourceGroup=${place.resourceGroup} tenant=${place.tenantId}`,
    `// By other means: az deployment group create --subscription ${place.subscriptionId} --resource-group ${place.resourceGroup} --template-file <this file>`,
    '//',
    '// Not carried over from the source:',
    ...notCarried.map(
      (one) => `//  - ${oneLine(one.title)} (${oneLine(one.source).slice(0, 120)}): ${oneLine(one.guidance)}`,
    ),
    '',
    `param workspaceName string = ${bicepText(place.workspace)}`,
    `param fhirServiceName string = ${bicepText(place.name)}`,
    `param location string = ${bicepText(place.location)}`,
    ...(staging
      ? [
          '// The account must be in the same subscription. Its roles, and those of the identity, are set by "Prepare…".',
          `param stagingAccountName string = ${bicepText(stagingAccount)}`,
        ]
      : []),
    '',
    `resource workspace 'Microsoft.HealthcareApis/workspaces@2024-03-31' ${place.inWorkspace ? 'existing ' : ''}= {`,
    '  name: workspaceName',
    ...(place.inWorkspace ? [] : ['  location: location', '  properties: {}']),
    '}',
    '',
    "resource fhirService 'Microsoft.HealthcareApis/workspaces/fhirservices@2024-03-31' = {",
    '  parent: workspace',
    '  name: fhirServiceName',
    '  location: location',
    `  kind: ${bicepText(kind)}`,
    ...(Object.keys(tags).length === 0 ? [] : [`  tags: ${bicepValue(tags, '  ')}`]),
    "  identity: {\n    type: 'SystemAssigned'\n  }",
    `  properties: ${body}`,
    '}',
    '',
    'output fhirServiceId string = fhirService.id',
    '',
  ].join('\n');
}

/** Where a file says that it is to be deployed to; undefined when it does not. */
export function placeIn(text: string): Pick<TargetPlace, 'subscriptionId' | 'resourceGroup' | 'tenantId'> | undefined {
  const line = text.split('\n').find((one) => one.startsWith(mark)) ?? '';
  const value = (key: string): string | undefined => new RegExp(` ${key}=([\\w.()-]{1,120})(?:\\s|$)`).exec(line)?.[1];
  const [subscriptionId, resourceGroup, tenantId] = [value('subscription'), value('resourceGroup'), value('tenant')];
  return subscriptionId === undefined || resourceGroup === undefined || tenantId === undefined
    ? undefined
    : { subscriptionId, resourceGroup, tenantId };
}
