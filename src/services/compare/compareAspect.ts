import type { ArmClient } from '../../azure/armClient.ts';
import { readDiagnosticSettings, readLocks } from '../../azure/diagnosticSettings.ts';
import { readRoleAssignments } from '../../azure/roleAssignments.ts';
import { normalizeStatement } from '../../compare/capabilityStatement.ts';
import type { Aspect, AspectComparison, ComparedEntry } from '../../compare/comparison.ts';
import { configurationDrift, configurationText } from '../../compare/configurationDrift.ts';
import { definitionDrift, definitionsText, profileNotes } from '../../compare/definitionDrift.ts';
import { diagnosticDrift, diagnosticsText } from '../../compare/diagnosticDrift.ts';
import type { Drift } from '../../compare/drift.ts';
import { roleDrift, rolesText, type ServiceRoles } from '../../compare/roleDrift.ts';
import { compareSearchParameters, searchParameterEntries } from '../../compare/searchParameterDrift.ts';
import { statementDrift } from '../../compare/statementDrift.ts';
import type { DefinitionResource } from '../../fhir/definitions.ts';
import { searchParameterStatus } from '../../fhir/searchParameterStatus.ts';
import type { SearchParameterSource } from '../../fhir/searchParameters.ts';
import type { Side } from './side.ts';

type Compared = Omit<AspectComparison, 'aspect'>;

/** Compares one aspect of two services. @throws FailureError when one of them does not tell what is needed */
export async function compareAspect(
  aspect: Aspect,
  source: Side,
  target: Side,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<AspectComparison> {
  return { aspect, ...(await comparedOf(aspect, source, target, arm, signal)) };
}

function comparedOf(
  aspect: Aspect,
  source: Side,
  target: Side,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<Compared> {
  switch (aspect) {
    case 'configuration':
      return configuration(source, target);
    case 'capabilities':
      return capabilities(source, target);
    case 'searchParameters':
      return searchParameters(source, target, signal);
    case 'profiles':
      return profiles(source, target);
    case 'roles':
      return roles(source, target, arm, signal);
    case 'diagnostics':
      return diagnostics(source, target, arm, signal);
  }
}

async function configuration(source: Side, target: Side): Promise<Compared> {
  const [from, to] = await Promise.all([source.configured(), target.configured()]);
  return {
    entries: configurationDrift(from, to),
    sourceText: configurationText(from),
    targetText: configurationText(to),
  };
}

async function capabilities(source: Side, target: Side): Promise<Compared> {
  const [from, to] = await Promise.all([source.metadata(), target.metadata()]);
  return {
    sourceText: normalizeStatement(from, source.service.endpoint).text,
    targetText: normalizeStatement(to, target.service.endpoint).text,
    entries: statementDrift(JSON.parse(from), JSON.parse(to), {
      source: source.service.endpoint,
      target: target.service.endpoint,
    }).map(capabilityEntry),
  };
}

const capabilityEntry = ({ path, kind, source, target }: Drift): ComparedEntry => ({
  path,
  state: kind === 'missingOnTarget' ? 'missing' : kind,
  source,
  target,
  when: ['search parameter', 'profile', 'versioning'].some((part) => path.includes(part)) ? 'before' : 'notApplicable',
  guidance: guidanceOf(path),
});

function guidanceOf(path: readonly string[]): string {
  if (path.includes('search parameter'))
    return 'Custom search parameters appear here once they are copied and indexed.';
  if (path.includes('profile')) return 'Profiles appear here up to four hours after they were written to the target.';
  if (path.includes('versioning')) return 'Set the versioning policy of the target before the first import.';
  return 'The two services differ in what they can do: check the applications that use it.';
}

async function searchParameters(source: Side, target: Side, signal: AbortSignal): Promise<Compared> {
  const client = await target.client();
  const [from, to, status] = await Promise.all([
    source.definitions(),
    target.definitions(),
    searchParameterStatus(client, signal),
  ]);
  const [left, right] = [parametersIn(from.definitions), parametersIn(to.definitions)];
  return {
    sourceFrom: from.from,
    entries: searchParameterEntries(compareSearchParameters(left, right, status)),
    sourceText: definitionsText(left.map(({ resource }) => resource)),
    targetText: definitionsText(right.map(({ resource }) => resource)),
  };
}

/** Custom search parameters among definitions. */
export const parametersIn = (definitions: readonly DefinitionResource[]): readonly SearchParameterSource[] =>
  definitions.flatMap((resource) =>
    resource.resourceType === 'SearchParameter' && typeof resource.url === 'string'
      ? [{ url: resource.url, resource }]
      : [],
  );

const usesUnknown = 'The source did not answer which profiles its data names.';

async function profiles(source: Side, target: Side): Promise<Compared> {
  const isProfile = ({ resourceType }: DefinitionResource): boolean => resourceType !== 'SearchParameter';
  const [from, to] = await Promise.all([source.definitions(), target.definitions()]);
  const [left, right] = [from.definitions.filter(isProfile), to.definitions.filter(isProfile)];
  return {
    sourceFrom: from.from,
    entries: definitionDrift(left, right, from.use ?? [], from.partly),
    notes: from.use === undefined ? [usesUnknown] : profileNotes(from.partly ?? []),
    sourceText: definitionsText(left),
    targetText: definitionsText(right),
  };
}

async function roles(source: Side, target: Side, arm: ArmClient, signal: AbortSignal): Promise<Compared> {
  const [from, to] = await Promise.all([rolesAt(source, arm, signal), rolesAt(target, arm, signal)]);
  return { entries: roleDrift(from, to), sourceText: rolesText(from), targetText: rolesText(to) };
}

async function rolesAt(side: Side, arm: ArmClient, signal: AbortSignal): Promise<ServiceRoles> {
  const { resourceId, tenantId, principalId } = await inAzure(side);
  const assignments = await readRoleAssignments(arm, resourceId, undefined, tenantId, signal);
  return { resourceId, principalId, assignments };
}

async function diagnostics(source: Side, target: Side, arm: ArmClient, signal: AbortSignal): Promise<Compared> {
  const [left, right] = await Promise.all([inAzure(source), inAzure(target)]);
  const [from, to, locks] = await Promise.all([
    readDiagnosticSettings(arm, left.resourceId, left.tenantId, signal),
    readDiagnosticSettings(arm, right.resourceId, right.tenantId, signal),
    readLocks(arm, right.resourceId, right.tenantId, signal),
  ]);
  return {
    entries: diagnosticDrift(from, to, locks),
    sourceText: diagnosticsText(from, []),
    targetText: diagnosticsText(to, locks),
  };
}

/** Where a service is in Azure. @throws FailureError `invalidInput` for one that is known by its address alone */
async function inAzure(
  side: Side,
): Promise<{ resourceId: string; tenantId: string | undefined; principalId: string | undefined }> {
  const known = side.service.resourceId === undefined ? (await side.details()).service : side.service;
  return { resourceId: known.resourceId ?? known.id, tenantId: known.tenantId, principalId: known.principalId };
}
