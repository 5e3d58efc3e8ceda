import { type Failure, FailureError, isTransient, toFailure } from '../failure/failure.ts';
import type { ArmClient, ArmRequest, ArmWrite } from './armClient.ts';
import { finishOperation, resourceSettled } from './finishOperation.ts';
import { type Edit, edited, notHeld, type ResourceJson, sameSetting, valueAt } from './resourceEdits.ts';
import { readResource, resourceRequest } from './readResource.ts';
import { parseResourceId } from './resourceId.ts';
import { writableBody, writableIdentity } from './writableBody.ts';

/** Values of one resource that are to be changed. */
export interface ResourceChange {
  readonly resourceId: string;
  /** Name shown to people. */
  readonly name: string;
  readonly tenantId: string | undefined;
  readonly edits: readonly Edit[];
  /** The values that were seen when the change was decided; anything else there now stops it. */
  readonly expected: readonly Edit[];
}

/** A change that is done and was looked at again. */
export interface ChangedResource {
  /** False: the values were there already, and nothing was sent. */
  readonly written: boolean;
  readonly before: ResourceJson;
  readonly after: ResourceJson;
  /** Settings beside the changed ones that are different afterwards, such as `properties.corsConfiguration`. */
  readonly sideEffects: readonly string[];
}

/**
 * Changes values of a service or a storage account by GET, edit and PUT (or PATCH, where the type takes one) of raw JSON
 * with If-Match, waits for the operation, reads again and compares (azure-control-plane, rules for a safe write).
 * @throws FailureError `conflict` when the resource is busy or is not what was seen; the provider's own words when it
 * refuses; `unexpectedAnswer` when the operation succeeded and the values are not there
 */
export async function changeResource(
  arm: ArmClient,
  change: ResourceChange,
  signal: AbortSignal,
  tell?: (status: string) => void,
): Promise<ChangedResource> {
  const { resourceId, name, tenantId } = change;
  const request = resourceRequest(resourceId, name, tenantId, `Changing ${name}`);
  const before = await readResource(arm, request, signal);
  checkWritable(change, before);
  if (notHeld(before, change.edits).length === 0) return { written: false, before, after: before, sideEffects: [] };
  checkExpected(change, before);
  const wanted = edited(before, change.edits);
  const type = parseResourceId(change.resourceId)?.type ?? '';
  const etag = before.etag;
  const write: ArmWrite = {
    ...bodyOf(type, wanted, change.edits),
    ifMatch: typeof etag === 'string' && etag !== '' ? etag : undefined,
  };
  try {
    const answer = await arm.write(request, write, signal);
    await finishOperation(arm, request, answer, signal, tell);
  } catch (error) {
    if (!(await arrived(arm, request, change, error, signal))) throw await explained(arm, request, change, error);
  }
  const after = await readResource(arm, request, signal);
  const missing = notHeld(after, change.edits);
  if (missing.length > 0) throw notTaken(change, missing);
  return {
    written: true,
    before,
    after,
    sideEffects: sideEffects(writableBody(wanted, type), writableBody(after, type)),
  };
}

/** PATCH where all that changes can be patched, for it touches nothing else; the whole resource otherwise. */
function bodyOf(type: string, wanted: ResourceJson, edits: readonly Edit[]): Pick<ArmWrite, 'method' | 'body'> {
  const keys = new Set(edits.map(({ path }) => path[0] ?? ''));
  const only = (...allowed: readonly string[]): boolean => [...keys].every((key) => allowed.includes(key));
  switch (type) {
    case 'microsoft.storage/storageaccounts': {
      const properties = new Set(edits.map(({ path }) => path[1] ?? ''));
      const patched = [...properties].map((name) => [name, valueAt(wanted, ['properties', name])] as const);
      return { method: 'PATCH', body: { properties: Object.fromEntries(patched) } };
    }
    case 'microsoft.healthcareapis/services':
      if (only('tags')) return { method: 'PATCH', body: { tags: wanted.tags ?? {} } };
      break;
    default:
      if (only('tags')) return { method: 'PATCH', body: { tags: wanted.tags ?? {} } };
      if (only('identity'))
        return { method: 'PATCH', body: { identity: writableIdentity(wanted.identity as ResourceJson) } };
  }
  return { method: 'PUT', body: writableBody(wanted, type) };
}

/** Unknown states count as in progress, as the model says of its open enumerations. */
function checkWritable({ name }: ResourceChange, resource: ResourceJson): void {
  const state = valueAt(resource, ['properties', 'provisioningState']);
  const events = valueAt(resource, ['properties', 'eventState']);
  if (state !== 'Succeeded')
    throw new FailureError({
      kind: 'conflict',
      message: `${name} cannot be changed now: its provisioning state is ${typeof state === 'string' ? state.slice(0, 40) : 'unknown'}. Nothing was written.`,
      nextStep:
        state === 'Failed'
          ? 'Look at the resource in the Azure portal: its last change failed and has to be completed there.'
          : 'Wait until the change that is under way has ended, then apply again.',
    });
  if (events === 'Updating')
    throw new FailureError({
      kind: 'conflict',
      message: `${name} cannot be changed while its events are being switched. Nothing was written.`,
      nextStep: 'Wait until eventing has settled, then apply again.',
    });
}

function checkExpected({ name, expected }: ResourceChange, resource: ResourceJson): void {
  const changed = notHeld(resource, expected);
  if (changed.length === 0) return;
  throw new FailureError({
    kind: 'conflict',
    message: `${name} is not as it was seen: ${changed.map((path) => path.join('.')).join(', ')} was changed meanwhile. Nothing was written.`,
    nextStep: 'Look at it again, then apply what is still wanted.',
  });
}

/** An answer that was lost says nothing of the write: what the resource shows once it has settled does. */
async function arrived(
  arm: ArmClient,
  request: ArmRequest,
  { edits }: ResourceChange,
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  const failure = toFailure(error);
  if (!isTransient(failure) || failure.kind === 'throttled') return false;
  try {
    await resourceSettled(arm, request, signal);
    return notHeld(await readResource(arm, request, signal), edits).length === 0;
  } catch (again) {
    if (FailureError.is(again, 'cancelled')) throw again;
    return false;
  }
}

/** A write that failed, in words that say what is on the resource now. Looking again must not hide why it failed. */
async function explained(
  arm: ArmClient,
  request: ArmRequest,
  change: ResourceChange,
  error: unknown,
): Promise<FailureError> {
  const failure = toFailure(error);
  if (failure.kind === 'bug') throw error;
  const state = await stateNow(arm, request, change);
  const nextStep = nextStepOf(failure, change);
  return new FailureError(
    { ...failure, message: `${failure.message} ${state}`, ...(nextStep === undefined ? {} : { nextStep }) },
    { cause: error },
  );
}

async function stateNow(arm: ArmClient, request: ArmRequest, { name, edits }: ResourceChange): Promise<string> {
  try {
    const now = await readResource(arm, request, AbortSignal.timeout(30_000));
    const held = edits.length - notHeld(now, edits).length;
    if (held === 0) return `${name} has none of the new values.`;
    return held === edits.length ? `${name} has the new values.` : `${name} has some of the new values.`;
  } catch {
    return `What ${name} has now could not be read.`;
  }
}

function nextStepOf(failure: Failure, { name }: ResourceChange): string | undefined {
  if (failure.kind === 'forbidden')
    return `Ask for the role Contributor on ${name}, or have somebody who has it run the command that is shown.`;
  if (failure.status === 412) return 'Somebody else changed it at the same time. Look at it again, then apply again.';
  if (failure.status === 409)
    return 'Wait until the operation or the lock that stands in the way is gone, then apply again.';
  return failure.nextStep;
}

const notTaken = ({ name }: ResourceChange, missing: readonly (readonly string[])[]): FailureError =>
  new FailureError({
    kind: 'unexpectedAnswer',
    message: `Azure accepted the change of ${name}, but does not show it: ${missing.map((path) => path.join('.')).join(', ')}.`,
    nextStep: 'Look at the resource in the Azure portal: a policy of the organisation may set these values.',
  });

/** Settings that differ from what was sent, down to the level below `properties`. */
function sideEffects(sent: ResourceJson, found: ResourceJson): readonly string[] {
  const differing = (a: ResourceJson, b: ResourceJson): readonly string[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !sameSetting(a[key], b[key]));
  const fields = (value: unknown): ResourceJson =>
    typeof value === 'object' && value !== null ? (value as ResourceJson) : {};
  return differing(sent, found).flatMap((key) => {
    if (key === 'etag') return [];
    if (key !== 'properties') return [key];
    return differing(fields(sent.properties), fields(found.properties)).map((name) => `properties.${name}`);
  });
}
