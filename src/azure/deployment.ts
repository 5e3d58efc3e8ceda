import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import type { ArmClient, ArmRequest } from './armClient.ts';
import { armRows } from './armRows.ts';
import { finishOperation } from './finishOperation.ts';

const apiVersion = '2022-09-01';

/** A deployment of a template to a resource group. */
export interface DeploymentPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly tenantId: string | undefined;
  /** Name of the deployment: letters, digits, dashes, at most 64. */
  readonly deployment: string;
}

/** One resource of a deployment, and how far it is. */
export interface DeployedResource {
  readonly name: string;
  readonly state: string;
}

const operationsSchema = v.object({
  properties: v.object({
    provisioningState: v.string(),
    targetResource: v.optional(v.nullable(v.object({ resourceName: v.optional(v.string()) }))),
    statusMessage: v.optional(v.unknown()),
  }),
});
const messageSchema = v.object({ error: v.object({ code: v.optional(v.string()), message: v.optional(v.string()) }) });

/**
 * Deploys a template incrementally and follows it to its end. When the signal is aborted the deployment is cancelled, which
 * leaves what was made until then.
 * @throws FailureError in the words of the provider that refused; `cancelled`
 */
export async function deployTemplate(
  arm: ArmClient,
  place: DeploymentPlace,
  template: object,
  signal: AbortSignal,
  progress: (resources: readonly DeployedResource[]) => void,
): Promise<void> {
  const request = requestFor(place, '', 'Deploying the target');
  const body = { properties: { mode: 'Incremental', template, parameters: {} } };
  const started = await arm.write(request, { method: 'PUT', body }, signal);
  let told = Promise.resolve();
  try {
    await finishOperation(arm, request, started, signal, () => {
      told = told.then(async () =>
        progress((await operations(arm, place)).map(({ name, state }) => ({ name, state }))),
      );
      told.catch(() => undefined);
    });
  } catch (error) {
    if (signal.aborted) throw await cancelled(arm, place, error);
    throw await explained(arm, place, error);
  } finally {
    // How far each resource is decides nothing: a list that cannot be read is not shown.
    await told.catch(() => undefined);
  }
}

/** Asks Azure whether it would take a deployment. @throws FailureError in its words when it would not */
export async function validateDeployment(
  arm: ArmClient,
  place: DeploymentPlace,
  template: object,
  signal: AbortSignal,
): Promise<void> {
  const request = requestFor(place, '/validate', 'Checking the deployment');
  const body = { properties: { mode: 'Incremental', template, parameters: {} } };
  await finishOperation(arm, request, await arm.write(request, { method: 'POST', body }, signal), signal);
}

async function operations(
  arm: ArmClient,
  place: DeploymentPlace,
): Promise<readonly (DeployedResource & { readonly error: string | undefined })[]> {
  const found: (DeployedResource & { readonly error: string | undefined })[] = [];
  const rows = armRows(
    arm,
    requestFor(place, '/operations', 'Reading the deployment'),
    operationsSchema,
    AbortSignal.timeout(30_000),
  );
  for await (const row of rows) {
    const name = row.properties.targetResource?.resourceName;
    if (name === undefined) continue;
    const said = v.safeParse(messageSchema, row.properties.statusMessage);
    const error = said.success ? said.output.error.message : undefined;
    found.push({ name, state: row.properties.provisioningState, error });
  }
  return found;
}

/** A deployment fails with a word for all; what each provider said stands at its operations. */
async function explained(arm: ArmClient, place: DeploymentPlace, error: unknown): Promise<unknown> {
  if (!FailureError.is(error, 'rejected')) return error;
  const said = await operations(arm, place).catch(() => []);
  const errors = said.flatMap((one) => (one.error === undefined ? [] : [redact(`${one.name}: ${one.error}`)]));
  const made = said.filter(({ state }) => /^succeeded$/i.test(state)).map(({ name }) => name);
  const { failure } = error;
  return new FailureError(
    {
      ...failure,
      message: `${failure.message} ${made.length === 0 ? 'Nothing was made.' : `Made before: ${made.join(', ')}.`}`,
      diagnostics: [...new Set([...errors, ...(failure.diagnostics ?? [])])],
      nextStep: 'Correct the file and deploy it again: what is there already is left as it is.',
    },
    { cause: error },
  );
}

async function cancelled(arm: ArmClient, place: DeploymentPlace, cause: unknown): Promise<FailureError> {
  const request = requestFor(place, '/cancel', 'Cancelling the deployment');
  const stopped = await arm.write(request, { method: 'POST' }, AbortSignal.timeout(60_000)).then(
    () => true,
    () => false,
  );
  const message = stopped
    ? 'The deployment was cancelled. What was made until then stays.'
    : 'The deployment could not be cancelled: it goes on at Azure.';
  return new FailureError({ kind: 'cancelled', message }, { cause });
}

const requestFor = (
  { subscriptionId, resourceGroup, tenantId, deployment }: DeploymentPlace,
  below: string,
  tried: string,
): ArmRequest => ({
  path: `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}/providers/Microsoft.Resources/deployments/${deployment}${below}`,
  apiVersion,
  template: `/{resource group}/providers/Microsoft.Resources/deployments/{name}${below}`,
  tried,
  tenantId,
});
