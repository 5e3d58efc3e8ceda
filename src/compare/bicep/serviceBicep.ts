import { parseResourceId } from '../../azure/resourceId.ts';
import { edited, type ResourceJson } from '../../azure/resourceEdits.ts';
import { roleName } from '../../azure/roleAssignments.ts';
import { writableBody } from '../../azure/writableBody.ts';
import type { Change, RoleChange } from '../changes/change.ts';
import { bicepText, bicepValue } from './bicepValue.ts';

/**
 * A FHIR service of AHDS that is there, with changes applied, as a Bicep file: deploying it to the resource group of the
 * service does the same as applying them. Roles whose holder is known only later are left out and named.
 * @throws RangeError for a resource of another type
 */
export function serviceBicep(
  resourceId: string,
  resource: ResourceJson,
  changes: readonly Change[],
  title: string,
): string {
  const id = parseResourceId(resourceId);
  const [workspace, name] = id?.names ?? [];
  if (id === undefined || !id.type.endsWith('/fhirservices') || workspace === undefined || name === undefined)
    throw new RangeError('Only a FHIR service of Azure Health Data Services is written as Bicep.');
  const edits = changes.flatMap((one) =>
    one.kind === 'settings' && one.resourceId.toLowerCase() === resourceId.toLowerCase() ? one.edits : [],
  );
  const { location, kind, tags, identity, properties } = writableBody(edited(resource, edits), id.type);
  const roles = changes.filter((one): one is RoleChange => one.kind === 'role');
  const lines = [
    `// ${title.replace(/\s+/g, ' ')}`,
    `// az deployment group create --resource-group ${id.resourceGroup ?? '<group>'} --template-file <this file>`,
    '',
    "resource workspace 'Microsoft.HealthcareApis/workspaces@2024-03-31' existing = {",
    `  name: ${bicepText(workspace)}`,
    '}',
    '',
    "resource fhirService 'Microsoft.HealthcareApis/workspaces/fhirservices@2024-03-31' = {",
    '  parent: workspace',
    `  name: ${bicepText(name)}`,
    ...Object.entries({ location, kind, tags, identity, properties }).flatMap(([key, value]) =>
      value === undefined ? [] : [`  ${key}: ${bicepValue(value, '  ')}`],
    ),
    '}',
    ...roles.flatMap((role, index) => roleLines(role, index)),
  ];
  return `${lines.join('\n')}\n`;
}

function roleLines({ roleDefinitionId, holder, holderName, scopeName }: RoleChange, index: number): readonly string[] {
  const words = `${roleName(roleDefinitionId)} for ${holderName} on ${scopeName}`.replace(/\s+/g, ' ');
  if ('identityOf' in holder) return ['', `// Left out, for its identity is not there yet: ${words}`];
  return [
    '',
    `// ${words}`,
    `resource role${index + 1} 'Microsoft.Authorization/roleAssignments@2022-04-01' = {`,
    `  name: guid(fhirService.id, ${bicepText(roleDefinitionId)}, ${bicepText(holder.principalId)})`,
    '  scope: fhirService',
    '  properties: {',
    `    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ${bicepText(roleDefinitionId)})`,
    `    principalId: ${bicepText(holder.principalId)}`,
    ...(holder.principalType === undefined ? [] : [`    principalType: ${bicepText(holder.principalType)}`]),
    '  }',
    '}',
  ];
}
