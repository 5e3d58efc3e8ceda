import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';
import { armRows } from './armRows.ts';

const apiVersion = '2022-06-15';

const rowSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(200)),
  properties: v.object({
    filter: v.optional(
      v.nullable(
        v.object({
          subjectBeginsWith: v.optional(v.nullable(v.string())),
          subjectEndsWith: v.optional(v.nullable(v.string())),
          advancedFilters: v.optional(v.nullable(v.array(v.unknown()))),
        }),
      ),
    ),
  }),
});

/** A subscription to the events of one resource, as far as its filter goes. */
export interface EventSubscription {
  readonly name: string;
  /** Empty: every subject. */
  readonly subjectBeginsWith: string;
  /** It filters by more than the beginning of the subject. */
  readonly furtherFilters: boolean;
}

/** Event Grid subscriptions of one resource, such as a storage account. */
export async function readEventSubscriptions(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly EventSubscription[]> {
  const found: EventSubscription[] = [];
  const rows = armRows(
    arm,
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/Microsoft.EventGrid/eventSubscriptions`,
      apiVersion,
      template: '/{resource}/providers/Microsoft.EventGrid/eventSubscriptions',
      tried: 'Reading Event Grid subscriptions',
      tenantId,
    },
    rowSchema,
    signal,
  );
  for await (const row of rows) {
    const { name, properties } = row;
    const filter = properties.filter ?? {};
    found.push({
      name,
      subjectBeginsWith: filter.subjectBeginsWith ?? '',
      furtherFilters: (filter.subjectEndsWith ?? '') !== '' || (filter.advancedFilters ?? []).length > 0,
    });
  }
  return found;
}
