import * as v from 'valibot';
import type { ArmClient } from './armClient.ts';

/** Where a service sends its logs. */
export interface DiagnosticSetting {
  readonly name: string;
  /** Enabled categories and category groups, sorted. */
  readonly categories: readonly string[];
  /** Resource ids of workspaces, storage accounts and event hub rules. */
  readonly destinations: readonly string[];
}

export interface ResourceLock {
  readonly name: string;
  readonly level: string;
}

const text = v.optional(v.nullable(v.pipe(v.string(), v.maxLength(2_048))));
const log = v.object({ category: text, categoryGroup: text, enabled: v.optional(v.boolean(), true) });
const settingSchema = v.object({
  name: v.string(),
  properties: v.object({
    workspaceId: text,
    storageAccountId: text,
    eventHubAuthorizationRuleId: text,
    marketplacePartnerId: text,
    logs: v.optional(v.nullable(v.array(log))),
    metrics: v.optional(v.nullable(v.array(log))),
  }),
});
const lockSchema = v.object({ name: v.string(), properties: v.object({ level: v.string() }) });

const given = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined || value === '' ? [] : [value];

/** Diagnostic settings of one resource (api-version of azure-rest-api-specs: monitor 2021-05-01-preview). */
export async function readDiagnosticSettings(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly DiagnosticSetting[]> {
  const rows = await rowsOf(arm, resourceId, 'Microsoft.Insights/diagnosticSettings', '2021-05-01-preview', {
    tried: 'Reading diagnostic settings',
    tenantId,
    signal,
  });
  return rows.flatMap((row) => {
    const read = v.safeParse(settingSchema, row);
    if (!read.success) return [];
    const { properties, name } = read.output;
    const categories = [...(properties.logs ?? []), ...(properties.metrics ?? [])]
      .filter(({ enabled }) => enabled)
      .flatMap(({ category, categoryGroup }) => [...given(category), ...given(categoryGroup)]);
    return [
      {
        name,
        categories: [...new Set(categories)].sort(),
        destinations: [
          ...given(properties.workspaceId),
          ...given(properties.storageAccountId),
          ...given(properties.eventHubAuthorizationRuleId),
          ...given(properties.marketplacePartnerId),
        ],
      },
    ];
  });
}

/** Locks that hold at a resource, those of its group and subscription included. */
export async function readLocks(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly ResourceLock[]> {
  const rows = await rowsOf(arm, resourceId, 'Microsoft.Authorization/locks', '2020-05-01', {
    tried: 'Reading locks',
    tenantId,
    signal,
  });
  return rows.flatMap((row) => {
    const read = v.safeParse(lockSchema, row);
    return read.success ? [{ name: read.output.name, level: read.output.properties.level }] : [];
  });
}

async function rowsOf(
  arm: ArmClient,
  resourceId: string,
  type: string,
  apiVersion: string,
  { tried, tenantId, signal }: { tried: string; tenantId: string | undefined; signal: AbortSignal },
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const pages = arm.pages(
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/${type}`,
      apiVersion,
      template: `/{resource}/providers/${type}`,
      tried,
      tenantId,
    },
    signal,
  );
  for await (const page of pages) rows.push(...page);
  return rows;
}
