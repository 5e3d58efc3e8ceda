import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import type { ArmAnswer, ArmClient, ArmRequest } from './armClient.ts';

/** Where the provider asks for no pace: soon at first, then slower. */
const firstWaitMs = 400;
const longestWaitMs = 5_000;
/** Private endpoints and new services take minutes; what is not over by then is looked at by a person. */
const patienceMs = 45 * 60_000;

const error = v.object({ code: v.optional(v.string()), message: v.optional(v.string()) });
const operationSchema = v.object({
  status: v.string(),
  error: v.optional(
    v.nullable(v.object({ ...error.entries, details: v.fallback(v.optional(v.nullable(v.array(error))), undefined) })),
  ),
});
const resourceSchema = v.object({ properties: v.object({ provisioningState: v.string() }) });

type Look = 'running' | 'done' | FailureError;

/**
 * Follows what a write started until it is over, in each of the styles that ARM has: Azure-AsyncOperation, Location, or
 * the resource's own state. The signal ends the waiting, not the operation.
 * @throws FailureError in the provider's own words when the operation failed, `unavailable` when it does not end
 */
export async function finishOperation(
  arm: ArmClient,
  request: ArmRequest,
  started: ArmAnswer,
  signal: AbortSignal,
  tell: (status: string) => void = () => undefined,
): Promise<void> {
  const look = lookFor(arm, request, started, signal, tell);
  if (look !== undefined) await until(arm, request, look, started.answer.retryAfterMs, signal);
}

/** Waits until a resource is in no operation any more, whatever started it. @throws FailureError as above */
export const resourceSettled = (arm: ArmClient, request: ArmRequest, signal: AbortSignal): Promise<void> =>
  until(
    arm,
    request,
    resourceLook(arm, request, signal, () => undefined),
    undefined,
    signal,
  );

async function until(
  arm: ArmClient,
  request: ArmRequest,
  look: () => Promise<Looked>,
  askedMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const end = arm.clock.now() + patienceMs;
  let ownMs = firstWaitMs;
  let waitMs = askedMs ?? ownMs;
  for (;;) {
    await arm.clock.sleep(waitMs, signal);
    if (signal.aborted) throw stopped(request);
    const { result, retryAfterMs } = await look();
    if (result === 'done') return;
    if (result !== 'running') throw result;
    if (arm.clock.now() > end) throw endless(request);
    ownMs = Math.min(longestWaitMs, ownMs * 1.5);
    waitMs = retryAfterMs ?? ownMs;
  }
}

interface Looked {
  readonly result: Look;
  readonly retryAfterMs: number | undefined;
}

function lookFor(
  arm: ArmClient,
  request: ArmRequest,
  { json, answer }: ArmAnswer,
  signal: AbortSignal,
  tell: (status: string) => void,
): (() => Promise<Looked>) | undefined {
  const operation = answer.header('azure-asyncoperation');
  if (operation !== undefined)
    return async () => {
      const polled = await arm.follow(request, operation, signal);
      return { result: operationResult(request, polled, tell), retryAfterMs: polled.answer.retryAfterMs };
    };
  const location = answer.header('location');
  if (location !== undefined && answer.status !== 200)
    return async () => {
      const polled = await arm.follow(request, location, signal);
      const running = polled.answer.status === 202;
      return { result: running ? 'running' : 'done', retryAfterMs: polled.answer.retryAfterMs };
    };
  if (!v.is(resourceSchema, json) || isSettled(json.properties.provisioningState)) return undefined;
  return resourceLook(arm, request, signal, tell);
}

const resourceLook =
  (arm: ArmClient, request: ArmRequest, signal: AbortSignal, tell: (status: string) => void): (() => Promise<Looked>) =>
  async () => {
    const resource = await arm.get(request, signal);
    if (!v.is(resourceSchema, resource)) return { result: 'done', retryAfterMs: undefined };
    const state = resource.properties.provisioningState;
    tell(state);
    return { result: stateResult(request, state), retryAfterMs: undefined };
  };

function operationResult(request: ArmRequest, { json }: ArmAnswer, tell: (status: string) => void): Look {
  const read = v.safeParse(operationSchema, json);
  if (!read.success) return failed(request, 'unknown', undefined, []);
  const { status, error } = read.output;
  tell(status);
  if (/^succeeded$/i.test(status)) return 'done';
  if (/^(?:failed|canceled|cancelled)$/i.test(status))
    return failed(request, status, error?.code, [error, ...(error?.details ?? []).slice(0, 5)]);
  return 'running';
}

const isSettled = (state: string): boolean => /^(?:succeeded|failed|canceled)$/i.test(state);

function stateResult(request: ArmRequest, state: string): Look {
  if (/^succeeded$/i.test(state)) return 'done';
  return isSettled(state) ? failed(request, state, undefined, []) : 'running';
}

const failed = (
  request: ArmRequest,
  status: string,
  code: string | undefined,
  said: readonly ({ readonly message?: string | undefined } | null | undefined)[],
): FailureError => {
  const diagnostics = [...new Set(said.flatMap((one) => one?.message ?? []).map(redact))];
  return new FailureError({
    kind: 'rejected',
    message: `${request.tried} failed: the operation at Azure ended as ${redact(status).slice(0, 40)}.`,
    service: 'Azure Resource Manager',
    request: request.template,
    ...(diagnostics.length === 0 ? {} : { diagnostics }),
    ...(code === undefined ? {} : { code: redact(code).slice(0, 80) }),
  });
};

const stopped = ({ tried }: ArmRequest): FailureError =>
  new FailureError({ kind: 'cancelled', message: `${tried}: no longer waited for; the operation goes on at Azure.` });

const endless = ({ tried, template }: ArmRequest): FailureError =>
  new FailureError({
    kind: 'unavailable',
    message: `${tried}: the operation at Azure has not ended after ${patienceMs / 60_000} minutes.`,
    service: 'Azure Resource Manager',
    request: template,
    nextStep: 'Look at the resource in the Azure portal: the operation may still end by itself.',
  });
