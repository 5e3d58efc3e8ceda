import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';

export const eventGridApiVersion = '2022-06-15';

const filterSchema = v.object({
  subjectBeginsWith: v.optional(v.nullable(v.string())),
  subjectEndsWith: v.optional(v.nullable(v.string())),
  advancedFilters: v.optional(v.nullable(v.array(v.unknown()))),
});
const rowSchema = v.object({
  id: v.optional(v.pipe(v.string(), v.maxLength(2_000)), ''),
  name: v.pipe(v.string(), v.maxLength(200)),
  properties: v.looseObject({ filter: v.optional(v.nullable(v.looseObject(filterSchema.entries))) }),
});

/** A subscription to the events of one resource, as far as its filter goes. */
export interface EventSubscription {
  readonly name: string;
  /** Empty: every subject. */
  readonly subjectBeginsWith: string;
  /** It filters by more than the beginning of the subject. */
  readonly furtherFilters: boolean;
}

/** A subscription with all that Azure tells of it: what it keeps secret, such as the address of a webhook, is missing. */
export interface WholeEventSubscription extends EventSubscription {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Event Grid subscriptions of one resource, such as a storage account, as far as their filters go. */
export async function readEventSubscriptions(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly EventSubscription[]> {
  const whole = await readWholeEventSubscriptions(arm, resourceId, tenantId, signal);
  return whole.map(({ name, subjectBeginsWith, furtherFilters }) => ({ name, subjectBeginsWith, furtherFilters }));
}

/** Event Grid subscriptions of one resource, such as a workspace, as Azure describes them. */
export async function readWholeEventSubscriptions(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly WholeEventSubscription[]> {
  const found: WholeEventSubscription[] = [];
  const pages = arm.pages(
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/Microsoft.EventGrid/eventSubscriptions`,
      apiVersion: eventGridApiVersion,
      template: '/{resource}/providers/Microsoft.EventGrid/eventSubscriptions',
      tried: 'Reading Event Grid subscriptions',
      tenantId,
    },
    signal,
  );
  for await (const rows of pages)
    for (const row of rows) {
      const read = v.safeParse(rowSchema, row);
      if (!read.success) continue;
      const { id, name, properties } = read.output;
      const { subjectBeginsWith, subjectEndsWith, advancedFilters } = properties.filter ?? {};
      found.push({
        id,
        name,
        subjectBeginsWith: subjectBeginsWith ?? '',
        furtherFilters: (subjectEndsWith ?? '') !== '' || (advancedFilters ?? []).length > 0,
        properties,
      });
    }
  return found;
}
