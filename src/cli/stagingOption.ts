import type { PlanInput } from '../engine/plan.ts';
import type { Session } from './session.ts';

/** Where exported files of a source lie that refuses to be read. */
export interface StagingOption {
  /** Name, resource id or address of the storage account. */
  readonly staging?: string;
  readonly container?: string;
}

/** The staging account that was named, as services take it; empty when none was. */
export async function stagingIn(
  { services, signal }: Session,
  { staging, container }: StagingOption,
): Promise<{ readonly staging?: PlanInput['staging'] }> {
  if (staging === undefined) return {};
  const account = await services.storageAccount(staging, undefined, signal);
  return { staging: { ...account, ...(container === undefined ? {} : { container }) } };
}
