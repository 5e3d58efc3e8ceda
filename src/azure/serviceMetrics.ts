import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { ArmClient } from './armClient.ts';
import { ahdsType, azureApiForFhirType } from './healthcareRow.ts';
import { parseResourceId } from './resourceId.ts';

/** Newest stable version of Microsoft.Insights/metrics. */
const apiVersion = '2024-02-01';

/** Names per resource type (Azure Monitor, supported-metrics). All have a grain of one minute. */
const metricNames: Readonly<Record<string, readonly string[]>> = {
  [azureApiForFhirType]: ['CosmosDbCollectionSize', 'TotalRequests', 'IoTConnectorDeviceEvent'],
  [ahdsType]: ['TotalDataSize', 'TotalRequests'],
};

const point = v.object({ total: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0)))) });
const schema = v.object({
  value: v.array(
    v.object({
      name: v.object({ value: v.string() }),
      timeseries: v.optional(v.array(v.object({ data: v.optional(v.array(point), []) })), []),
    }),
  ),
});

/** The last six hours of a service; undefined where Azure Monitor has no point. */
export interface ServiceMetrics {
  readonly dataBytes: number | undefined;
  readonly requests: number | undefined;
  readonly iotMessages: number | undefined;
}

/** Reads size and load of a FHIR service in one request. Throws `invalidInput` for the id of something else. */
export async function readServiceMetrics(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<ServiceMetrics> {
  const names = metricNames[parseResourceId(resourceId)?.type ?? ''];
  if (names === undefined)
    throw new FailureError({ kind: 'invalidInput', message: 'The resource id is not that of a FHIR service.' });
  const raw = await arm.get(
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/Microsoft.Insights/metrics`,
      apiVersion,
      query: [
        ['metricnames', names.join(',')],
        ['timespan', 'PT6H'],
        ['interval', 'PT1M'],
        ['aggregation', 'Total'],
      ],
      template: '/{FHIR service}/providers/Microsoft.Insights/metrics',
      tried: 'Reading metrics',
      tenantId,
    },
    signal,
  );
  const read = v.safeParse(schema, raw);
  if (!read.success)
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: 'Azure Monitor answered with something that is not metrics.',
    });
  const points = (name: string): readonly number[] =>
    read.output.value
      .filter((metric) => metric.name.value === name)
      .flatMap(({ timeseries }) => timeseries.flatMap(({ data }) => data.flatMap(({ total }) => total ?? [])));
  const sum = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  return {
    dataBytes: [...points('CosmosDbCollectionSize'), ...points('TotalDataSize')].at(-1),
    requests: sum(points('TotalRequests')),
    iotMessages: sum(points('IoTConnectorDeviceEvent')),
  };
}
