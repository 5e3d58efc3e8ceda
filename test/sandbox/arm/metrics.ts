import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError, resourceNotFound } from './armError.ts';
import type { RequestStatistics } from './requestStatistics.ts';
import { textAt, type ArmResource } from './world.ts';

export interface MetricSources {
  readonly statistics: RequestStatistics;
  /** Bytes of all stored versions of a service. */
  storedBytes(service: string): number;
}

type Aggregation = 'total' | 'average';

interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Bytes' | 'MilliSeconds';
  readonly aggregation: Aggregation;
  readonly types: readonly string[];
  readonly description: string;
}

const services = 'microsoft.healthcareapis/services';
const fhirServices = 'microsoft.healthcareapis/workspaces/fhirservices';
const minuteMs = 60_000;
/** Most points of one time series. */
const mostPoints = 1_440;

/** The metrics that can be told from what the sandbox holds (Azure Monitor, supported-metrics). */
const metrics: readonly Metric[] = [
  {
    name: 'TotalRequests',
    unit: 'Count',
    aggregation: 'total',
    types: [services, fhirServices],
    description: 'The total number of requests received by the service.',
  },
  {
    name: 'TotalErrors',
    unit: 'Count',
    aggregation: 'total',
    types: [services, fhirServices],
    description: 'The total number of errors encountered by the service.',
  },
  {
    name: 'TotalLatency',
    unit: 'MilliSeconds',
    aggregation: 'average',
    types: [services, fhirServices],
    description: 'The response latency of the service.',
  },
  {
    name: 'TotalDataSize',
    unit: 'Bytes',
    aggregation: 'total',
    types: [fhirServices],
    description: 'Total size of the data in the backing database, in bytes.',
  },
  {
    name: 'CosmosDbCollectionSize',
    unit: 'Bytes',
    aggregation: 'total',
    types: [services],
    description: 'The size of the backing Cosmos DB collection, in bytes.',
  },
  {
    name: 'IoTConnectorDeviceEvent',
    unit: 'Count',
    aggregation: 'total',
    types: [services],
    description: 'The total number of messages received by the Azure IoT Connector for FHIR.',
  },
];

/** `Microsoft.Insights/metrics` and `metricDefinitions` of a FHIR service. Undefined: no such type. */
export function insights(call: ArmCall, sources: MetricSources): HttpAnswer | undefined {
  const { types, scope } = call.path;
  if (types !== 'metrics' && types !== 'metricdefinitions') return undefined;
  if (call.request.method !== 'GET') throw methodNotAllowed(call);
  const resource = call.world.resource(scope);
  if (resource === undefined) throw resourceNotFound('', [scope], call.path.resourceGroup ?? '');
  const offered = metrics.filter((metric) => metric.types.includes(resource.type.toLowerCase()));
  if (types === 'metricdefinitions')
    return jsonAnswer(200, { value: offered.map((metric) => definition(resource, metric)) });

  const span = timespan(call);
  const names = (call.query.get('metricnames') ?? offered[0]?.name ?? '').split(',').map((name) => name.trim());
  const value = names.map((name) => {
    const metric = offered.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (metric === undefined) {
      throw new ArmError(400, {
        code: 'BadRequest',
        message: `Failed to find metric configuration for provider: Microsoft.HealthcareApis, resource Type: ${resource.type.slice(resource.type.indexOf('/') + 1)}, metric: ${name}, Valid metrics: ${offered.map((one) => one.name).join(',')}`,
      });
    }
    return {
      id: `${resource.id}/providers/Microsoft.Insights/metrics/${metric.name}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: metric.name, localizedValue: metric.name },
      displayDescription: metric.description,
      unit: metric.unit,
      errorCode: 'Success',
      timeseries: [{ metadatavalues: [], data: points(resource, metric, span, sources) }],
    };
  });
  return jsonAnswer(200, {
    cost: Math.max(0, Math.round((span.till - span.from) / minuteMs) - 1),
    timespan: `${new Date(span.from).toISOString()}/${new Date(span.till).toISOString()}`,
    interval: 'PT1M',
    namespace: resource.type,
    resourceregion: textAt(resource.document, 'location') ?? '',
    value,
  });
}

interface Span {
  readonly from: number;
  readonly till: number;
}

function points(resource: ArmResource, metric: Metric, span: Span, sources: MetricSources): object[] {
  const service = resource.names.at(-1) ?? '';
  // No device sends anything to a sandbox, so Monitor has no point to show.
  if (metric.name === 'IoTConnectorDeviceEvent') return [];
  const timeStamp = (minute: number): string => new Date(minute).toISOString();
  if (metric.unit === 'Bytes') {
    // A gauge: nothing is known of the past, so every minute shows what is stored now.
    const total = sources.storedBytes(service);
    const minutes = Math.min(mostPoints, Math.max(1, Math.floor((span.till - span.from) / minuteMs)));
    return Array.from({ length: minutes }, (_, index) => ({
      timeStamp: timeStamp(span.till - (minutes - index) * minuteMs),
      total,
    }));
  }
  return sources.statistics.minutes(service, span.from, span.till).map(({ minute, requests, errors, latencyMs }) => ({
    timeStamp: timeStamp(minute),
    ...(metric.name === 'TotalLatency'
      ? { average: latencyMs / requests }
      : { total: metric.name === 'TotalErrors' ? errors : requests }),
  }));
}

/** `from/till` or a duration before now; without one the last hour. Throws ArmError 400. */
function timespan(call: ArmCall): Span {
  const now = Math.floor(call.now() / minuteMs) * minuteMs + minuteMs;
  const text = call.query.get('timespan') ?? 'PT1H';
  const [, days = '0', hours = '0', minutes = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  const duration = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * minuteMs;
  if (duration > 0) return { from: now - duration, till: now };
  const [from = NaN, till = NaN] = text.split('/').map((part) => Date.parse(part));
  if (Number.isNaN(from) || Number.isNaN(till) || from >= till) {
    throw new ArmError(400, { code: 'BadRequest', message: `Invalid time range ${text}.` });
  }
  return { from: Math.floor(from / minuteMs) * minuteMs, till };
}

function definition(resource: ArmResource, metric: Metric): object {
  return {
    id: `${resource.id}/providers/Microsoft.Insights/metricDefinitions/${metric.name}`,
    resourceId: resource.id,
    namespace: resource.type,
    name: { value: metric.name, localizedValue: metric.name },
    displayDescription: metric.description,
    unit: metric.unit,
    primaryAggregationType: metric.aggregation === 'total' ? 'Total' : 'Average',
    supportedAggregationTypes: ['None', 'Average', 'Minimum', 'Maximum', 'Total', 'Count'],
    metricAvailabilities: [{ timeGrain: 'PT1M', retention: 'P93D' }],
  };
}
