import type { Flavour } from '../../contract.ts';
import { fhirAnswer, type FhirHttpResponse } from '../http.ts';
import { formatInstant } from '../instant.ts';
import { badRequest, fhirError } from '../outcome.ts';
import { isObject, parseResource, type JsonObject } from '../resourceText.ts';
import { appliesTo, parameterStates, type ParameterRegistry, type RegisteredParameter } from './registry.ts';

/** @throws FhirError 400 on gen1, which has no `$status` */
export function requireStatusOperation(flavour: Flavour): void {
  if (flavour !== 'azureApiForFhir') return;
  throw badRequest('The requested "search-parameter-status" operation is not enabled');
}

/** Answers `GET SearchParameter/$status`. @throws FhirError 400 or 404 */
export function parameterStatus(registry: ParameterRegistry, query: URLSearchParams): FhirHttpResponse {
  const filters = [...query].map(([name, value]) => filterOf(name.toLowerCase(), value.split(',')));
  const all = registry.all();
  const perFilter = filters.map((filter) => all.filter(filter)).filter((found) => found.length > 0);
  if (filters.length > 0 && perFilter.length === 0 && !query.has('url')) {
    throw fhirError(404, 'not-found', 'Search Parameter Status was not found.');
  }
  const found = filters.length === 0 ? all : all.filter((one) => filters.every((filter) => filter(one)));
  if (found.length === 0 && perFilter.length > 0) {
    throw fhirError(404, 'not-found', 'Search Parameter Status was not found.');
  }
  const parameter = found.map(({ definition, state }) => statusPart(definition.url, state));
  return fhirAnswer(200, { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) });
}

function filterOf(name: string, values: readonly string[]): (one: RegisteredParameter) => boolean {
  switch (name) {
    case 'url':
      return ({ definition }) => values.includes(definition.url);
    case 'code':
      return ({ definition }) => values.includes(definition.code);
    case 'resourcetype':
      return ({ definition }) => values.some((type) => appliesTo(definition, type));
    default:
      throw badRequest('Only Code, ResourceType, and Url are supported as query parameters for $status');
  }
}

function statusPart(url: string, status: string): object {
  return {
    name: 'searchParameterStatus',
    part: [
      { name: 'url', valueUrl: url },
      { name: 'status', valueString: status },
    ],
  };
}

/** Answers `PUT SearchParameter/$status`. @throws FhirError 400 */
export function updateParameterStatus(registry: ParameterRegistry, body: string, now: number): FhirHttpResponse {
  const changed: object[] = [];
  const issues: object[] = [];
  const groups = new Set<string>();
  for (const { url, status } of changesOf(body)) {
    const state = registry.byUrl(url)?.state;
    const refusal = refusalOf(url, status, state);
    if (refusal !== undefined) {
      issues.push(refusal);
      continue;
    }
    const next = status === 'Disabled' ? 'PendingDisable' : 'Supported';
    registry.setState(url, next);
    groups.add(next);
    changed.push(statusPart(url, next));
  }
  const outcome = { resourceType: 'OperationOutcome', id: 'FailedSearchParameterUpdates', issue: issues };
  const entry = [
    ...(issues.length > 0 ? [{ resource: outcome }] : []),
    ...(changed.length > 0 ? [{ resource: { resourceType: 'Parameters', parameter: changed } }] : []),
  ];
  const meta = { lastUpdated: formatInstant(now) };
  const total = issues.length + groups.size;
  return fhirAnswer(200, { resourceType: 'Bundle', meta, type: 'batch-response', total, entry });
}

function refusalOf(url: string, status: string, state: string | undefined): object | undefined {
  if (state === undefined) {
    const text = `Search parameter matching the url '${url}' does not exist in datastore. The $status operation cannot be used to add a search parameter.`;
    return { severity: 'information', code: 'not-found', details: { text } };
  }
  if (status !== 'Supported' && status !== 'Disabled') {
    const text = `The provided status of '${status}' for url '${url}' is invalid. It can be either 'supported or 'disabled'`;
    return { severity: 'error', code: 'invalid', details: { text } };
  }
  if (state === 'Deleted' || state === 'Unsupported') {
    const text = `Search parameter matching the url '${url}' is deleted or unsupported and cannot be updated. `;
    return { severity: 'error', code: 'not-supported', details: { text } };
  }
  return undefined;
}

function changesOf(body: string): readonly { readonly url: string; readonly status: string }[] {
  const invalid = "Update request is invalid. Requires a 'url' and 'status' for each search parameter to be updated.";
  const { content } = parseResource(body);
  const parameters = Array.isArray(content.parameter) ? (content.parameter as unknown[]).filter(isObject) : [];
  if (parameters.length === 0) throw badRequest(invalid);
  return parameters.map(({ part }) => {
    const parts = Array.isArray(part) ? (part as unknown[]).filter(isObject) : [];
    const url = partText(parts, 'url');
    const status = partText(parts, 'status');
    if (url === undefined || status === undefined) throw badRequest(invalid);
    if (!parameterStates.some((state) => state === status)) {
      const allowed = "Only 'supported' or 'disabled' are allowed.";
      throw badRequest(`Search Parameter status '${status}' for url '${url}' is invalid. ${allowed}`);
    }
    return { url, status };
  });
}

function partText(parts: readonly JsonObject[], name: string): string | undefined {
  const part = parts.find((one) => typeof one.name === 'string' && one.name.toLowerCase() === name);
  const value = part && Object.entries(part).find(([key]) => key.startsWith('value'))?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
