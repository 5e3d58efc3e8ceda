import { isJsonObject, type JsonObject } from '../http.ts';
import type { ArmCall } from './armCall.ts';
import { ArmError, invalidContent } from './armError.ts';
import { busyStates, type HealthcareType } from './healthcareTypes.ts';
import { objectAt, properties, textAt, type ArmResource } from './world.ts';

/** Keys of ARM's envelope. Any other key at the top of a body is refused by ARM itself. */
const envelope = new Set([
  ...['id', 'name', 'type', 'location', 'tags', 'kind', 'identity', 'properties', 'etag', 'systemData'],
  ...['sku', 'plan', 'managedBy', 'zones', 'extendedLocation'],
]);

/** Throws ArmError 400 when a PUT's body breaks the schema. */
export function checkPutBody(body: JsonObject, type: HealthcareType, name: string): void {
  for (const key of Object.keys(body)) {
    if (!envelope.has(key))
      throw invalidContent(`Could not find member '${key}' on object of type 'ResourceDefinition'`);
  }
  if (textAt(body, 'location') === undefined) {
    throw new ArmError(400, {
      code: 'LocationRequired',
      message: 'The location property is required for this definition.',
    });
  }
  if (!/^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$/i.test(name)) {
    throw new ArmError(400, { code: 'InvalidResourceName', message: `The resource name '${name}' is not valid.` });
  }
  const kind = textAt(body, 'kind');
  if (type.kinds !== undefined && (kind === undefined || !type.kinds.includes(kind))) {
    throw new ArmError(400, {
      code: 'BadRequest',
      message: `The kind '${kind ?? ''}' is not supported. Supported kinds are '${type.kinds.join(', ')}'.`,
      target: 'kind',
    });
  }
  checkIdentity(body, type);
  const maxAge = objectAt(objectAt(body, 'properties'), 'corsConfiguration').maxAge;
  if (typeof maxAge === 'number' && !(Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= 99_999)) {
    throw new ArmError(400, {
      code: 'BadRequest',
      message: 'The value of maxAge must be between 0 and 99999.',
      target: 'properties.corsConfiguration.maxAge',
    });
  }
}

/** Throws ArmError 400 when a PATCH holds anything that the type does not take. */
export function checkPatchBody(body: JsonObject, type: HealthcareType): void {
  const refuse = (key: string): ArmError =>
    invalidContent(`Could not find member '${key}' on the patch resource of ${type.type}`);
  for (const [key, value] of Object.entries(body)) {
    if (type.patch.keys.includes(key)) continue;
    if (key !== 'properties' || !isJsonObject(value)) throw refuse(key);
    const wrong = Object.keys(value).find((property) => !type.patch.properties.includes(property));
    if (wrong !== undefined) throw refuse(`properties.${wrong}`);
  }
  checkIdentity(body, type);
}

function checkIdentity(body: JsonObject, type: HealthcareType): void {
  if (body.identity === undefined || body.identity === null) return;
  const identity = textAt(objectAt(body, 'identity'), 'type');
  const wanted = identity?.replaceAll(' ', '');
  if (wanted === undefined || !type.identities.includes(wanted)) {
    throw new ArmError(400, {
      code: 'InvalidIdentityType',
      message: `The identity type '${identity ?? ''}' is not supported for '${type.type}'.`,
      target: 'identity',
    });
  }
}

/** Throws ArmError 409 when what cannot change is to be changed. */
export function checkImmutable(body: JsonObject, existing: ArmResource): void {
  const [was, wanted] = [textAt(existing.document, 'location') ?? '', textAt(body, 'location') ?? ''];
  if (comparable(was) !== comparable(wanted)) {
    throw new ArmError(409, {
      code: 'InvalidResourceLocation',
      message: `The resource '${existing.names.at(-1) ?? ''}' already exists in location '${was}' in resource group '${existing.resourceGroup}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
    });
  }
  if (existing.document.kind !== undefined && existing.document.kind !== body.kind) {
    throw new ArmError(409, {
      code: 'Conflict',
      message: 'The kind of an existing service cannot be changed.',
      target: 'kind',
    });
  }
}

/** Locations come back as `West US 2` for `westus2`. */
function comparable(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** Throws ArmError 412 when If-Match, If-None-Match or the body's etag say another state than there is. */
export function checkPreconditions(
  call: ArmCall,
  bodyEtag: string | undefined,
  existing: ArmResource | undefined,
): void {
  const etag = existing === undefined ? undefined : textAt(existing.document, 'etag');
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.request.headers;
  const failed =
    (ifMatch !== undefined && (etag === undefined || (ifMatch !== '*' && !sameEtag(ifMatch, etag)))) ||
    (ifNoneMatch === '*' && etag !== undefined) ||
    (bodyEtag !== undefined && etag !== undefined && !sameEtag(bodyEtag, etag));
  if (failed) {
    throw new ArmError(412, {
      code: 'PreconditionFailed',
      message: `The condition of the request was not met: the resource's etag is ${etag ?? 'not there'}.`,
    });
  }
}

function sameEtag(given: string, actual: string): boolean {
  return given.replaceAll('"', '') === actual.replaceAll('"', '');
}

/** Throws ArmError 409 while another operation, or the switching of events, is under way, or a lock forbids the write. */
export function checkWritable(resource: ArmResource): void {
  const { provisioningState, eventState } = properties(resource);
  const busy =
    typeof provisioningState === 'string' && busyStates.has(provisioningState) ? provisioningState : undefined;
  if (busy === undefined && eventState !== 'Updating') return;
  throw new ArmError(409, {
    code: 'Conflict',
    message:
      busy === undefined
        ? `The service '${resource.names.join('/')}' cannot be changed while its eventing is being updated.`
        : `The resource '${resource.names.join('/')}' cannot be changed: another operation is in progress, its provisioning state is '${busy}'.`,
  });
}
