import { createHash, randomUUID } from 'node:crypto';
import { isJsonObject, jsonAnswer, type HttpAnswer, type Json, type JsonObject } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError } from './armError.ts';
import { extensionTypes } from './extensionResources.ts';
import { evaluateGraphQuery } from './graphEvaluation.ts';
import { GraphQuota } from './graphQuota.ts';
import { GraphSyntaxError, parseGraphQuery, type GraphQuery } from './graphQuery.ts';
import { visibleSubscriptions } from './subscriptions.ts';
import { groupId, objectAt, textAt, type ArmResource } from './world.ts';

/** Documented default and maximum of `$top`. */
const rows = { default: 100, most: 1_000 };

/** Settings that the index does not hold: whoever needs them has to ask for the resource itself. */
const notIndexed = new Set(['importConfiguration', 'resourceVersionPolicyConfiguration', 'provisioningState']);

const unlisted = new Set(Object.values(extensionTypes));

/** Azure Resource Graph: `POST /providers/Microsoft.ResourceGraph/resources`. Its quota runs on real time. */
export class ResourceGraph {
  readonly #quota = new GraphQuota();

  async answer(call: ArmCall): Promise<HttpAnswer> {
    if (call.request.method !== 'POST') throw methodNotAllowed(call);
    const quotaHeaders = this.#quota.take(call.caller.objectId, Date.now());
    const body = await bodyOf(call);
    const options = objectAt(body, 'options');
    const text = textAt(body, 'query') ?? '';
    const scope = scopeOf(call, body, options);
    const query = parse(text);
    const found = evaluateGraphQuery(query, tableRows(call, query.table, scope));

    const fingerprint = createHash('sha256')
      .update(JSON.stringify([text, [...scope].sort()]))
      .digest('base64url');
    const token = options.$skipToken;
    const start = typeof token === 'string' ? readToken(token, fingerprint) : numberAt(options, '$skip', 0);
    const size = Math.min(rows.most, numberAt(options, '$top', rows.default));
    const page = found.slice(start, start + size);
    const more = start + page.length < found.length;
    // Pages are told apart by resource: without an id in the result there is no next page, and rows are lost.
    const pageable = page.every((row) => row.id !== undefined);
    return jsonAnswer(
      200,
      {
        totalRecords: found.length,
        count: page.length,
        resultTruncated: more && !pageable ? 'true' : 'false',
        ...(more && pageable ? { $skipToken: writeToken(start + page.length, fingerprint) } : {}),
        data: options.resultFormat === 'objectArray' ? page : asTable(page),
        facets: [],
      },
      quotaHeaders,
    );
  }
}

/** Ids of the subscriptions that are asked: what is named and can be read, or all that can. Throws ArmError 403 for none. */
function scopeOf(call: ArmCall, body: JsonObject, options: JsonObject): ReadonlySet<string> {
  const readable = new Set(
    visibleSubscriptions(call)
      .filter((subscription) => !subscription.forbidden)
      .map((subscription) => subscription.subscriptionId),
  );
  const named = body.subscriptions;
  if (!Array.isArray(named)) return readable;
  const wanted = named.filter((id) => typeof id === 'string').map((id) => id.toLowerCase());
  const scope = new Set(wanted.filter((id) => readable.has(id)));
  if (scope.size === 0 && wanted.length > 0 && options.allowPartialScopes !== true) {
    throw new ArmError(403, {
      code: 'Forbidden',
      message: 'Please provide below info when asking for support.',
      details: [
        {
          code: 'AccessDenied',
          message: 'Access is denied to the requested resource. The user might not have enough permission.',
        },
      ],
    });
  }
  return scope;
}

function tableRows(call: ArmCall, table: string, scope: ReadonlySet<string>): JsonObject[] {
  switch (table) {
    case 'resources':
      return call.world
        .resources()
        .filter((resource) => scope.has(resource.subscriptionId) && !unlisted.has(resource.type))
        .filter((resource) => call.world.assignments.mayAct(call.caller.objectId, resource.id, `${resource.type}/read`))
        .map((resource) => resourceRow(call, resource));
    case 'resourcecontainers':
      return [...scope].flatMap((subscriptionId) => containerRows(call, subscriptionId));
    default:
      throw invalidQuery([
        { code: 'InvalidTableName', message: `Table ${table} is invalid, unsupported or disallowed.` },
      ]);
  }
}

function resourceRow(call: ArmCall, resource: ArmResource): JsonObject {
  const { document } = resource;
  const indexed = Object.entries(objectAt(document, 'properties')).filter(([key]) => !notIndexed.has(key));
  return {
    id: resource.id,
    // The index joins the names of nested resources.
    name: resource.names.join('/'),
    type: resource.type.toLowerCase(),
    tenantId: call.caller.tenantId,
    kind: textAt(document, 'kind') ?? '',
    location: textAt(document, 'location') ?? '',
    resourceGroup: resource.resourceGroup.toLowerCase(),
    subscriptionId: resource.subscriptionId,
    managedBy: '',
    sku: document.sku ?? null,
    plan: null,
    properties: Object.fromEntries(indexed),
    tags: document.tags ?? null,
    identity: document.identity ?? null,
    zones: null,
    extendedLocation: null,
  };
}

function containerRows(call: ArmCall, subscriptionId: string): JsonObject[] {
  const common = { tenantId: call.caller.tenantId, subscriptionId, managedBy: '' };
  const subscription = {
    ...common,
    id: `/subscriptions/${subscriptionId}`,
    name: call.world.subscription(subscriptionId)?.displayName ?? '',
    type: 'microsoft.resources/subscriptions',
    properties: { state: 'Enabled' },
  };
  const groups = call.world.groups(subscriptionId).map((group) => ({
    ...common,
    id: groupId(subscriptionId, group.name),
    name: group.name,
    type: 'microsoft.resources/subscriptions/resourcegroups',
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
  }));
  return [subscription, ...groups];
}

function parse(text: string): GraphQuery {
  try {
    return parseGraphQuery(text);
  } catch (error) {
    if (!(error instanceof GraphSyntaxError)) throw error;
    const { token, position } = error;
    throw invalidQuery([
      {
        code: 'InvalidQuery',
        message:
          'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
      },
      {
        code: 'ParserFailure',
        message: `ParserFailure near '${token}'`,
        line: 1,
        characterPositionInLine: position,
        token,
      },
    ]);
  }
}

function invalidQuery(details: readonly object[]): ArmError {
  return new ArmError(400, {
    code: 'BadRequest',
    message: `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`,
    details,
  });
}

function asTable(page: readonly JsonObject[]): object {
  const names = [...new Set(page.flatMap((row) => Object.keys(row)))];
  return {
    columns: names.map((name) => ({ name, type: columnType(page.find((row) => row[name] !== null)?.[name]) })),
    rows: page.map((row) => names.map((name) => row[name] ?? null)),
  };
}

function columnType(value: Json | undefined): string {
  if (typeof value === 'number') return 'integer';
  if (typeof value === 'boolean') return 'boolean';
  return isJsonObject(value) || Array.isArray(value) ? 'object' : 'string';
}

function numberAt(options: JsonObject, key: string, otherwise: number): number {
  const value = options[key];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;
}

function writeToken(offset: number, fingerprint: string): string {
  return Buffer.from(JSON.stringify([offset, fingerprint])).toString('base64');
}

function readToken(token: string, fingerprint: string): number {
  const match = /^\[(\d+),"([\w-]+)"\]$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match?.[2] === fingerprint) return Number(match[1]);
  throw invalidQuery([{ code: 'InvalidSkipToken', message: 'The skip token belongs to another query or scope.' }]);
}
