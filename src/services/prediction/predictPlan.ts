import { at } from '../../compare/configurationSettings.ts';
import type { ArmClient } from '../../azure/armClient.ts';
import { readServiceDetails } from '../../azure/serviceDetails.ts';
import { readServiceMetrics } from '../../azure/serviceMetrics.ts';
import { bytesText } from '../../assess/words.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Instant } from '../../engine/ports.ts';
import type { Estimate } from '../../engine/prediction/estimate.ts';
import { counted, predict } from '../../engine/prediction/predict.ts';
import type { Prediction } from '../../engine/prediction/prediction.ts';
import { defaultRates, type Rates } from '../../engine/prediction/rates.ts';
import { FailureError } from '../../failure/failure.ts';
import { count } from '../../fhir/count.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { leftOutOf } from './leftOut.ts';

/** What counting the source gave. */
export interface CountedPlan {
  /** Current resources in the plan's scope; undefined when a type could not be counted. */
  readonly current: number | undefined;
  readonly versions: number | undefined;
  readonly windows: readonly number[] | undefined;
  readonly counts: Readonly<Record<string, number>>;
  /** Every type of the source. */
  readonly types: readonly string[];
  readonly till: Instant;
}

export interface PredictionSurroundings {
  readonly arm: ArmClient;
  /** Rates of the newest migration or rehearsal between the services of the plan. */
  readonly measured: (plan: Plan) => Promise<Rates | undefined>;
}

/** How far back changes are counted to learn how fast a source changes, milliseconds. */
const watched = 7 * 86_400_000;

/**
 * Predicts what a plan takes, from counts, from sizes that Azure Monitor knows, and from measured rates. What cannot be
 * had is missing from the prediction, and its basis says so. At most five requests to the source and two to Azure.
 * @param known undefined: the source cannot be counted
 * @throws FailureError of kind `cancelled` only
 */
export async function predictPlan(
  plan: Plan,
  source: FhirClient,
  known: CountedPlan | undefined,
  { arm, measured }: PredictionSurroundings,
  signal: AbortSignal,
): Promise<Prediction> {
  const [azure, rates, changes] = await Promise.all([
    readAzure(plan, arm, signal),
    measured(plan).catch(unlessCancelled),
    known === undefined
      ? undefined
      : count(source, { of: 'versions', since: source.clock.now() - watched }, signal).catch(unlessCancelled),
  ]);
  const used = rates ?? defaultRates;
  const bySize = known === undefined && !isPartial(plan) ? estimated(azure.dataBytes, used) : undefined;
  return predict({
    plan,
    now: source.clock.now(),
    current: counted(known?.current) ?? bySize,
    versions: counted(known?.versions),
    windows: known?.windows,
    changesPerHour: changes === undefined ? undefined : changes / (watched / 3_600_000),
    throughput: azure.throughput,
    rates: used,
    leftOut: await leftOutOf(plan, source, known, signal),
    basis: [countBasis(plan, known, azure.dataBytes), changeBasis(known, changes), ...throughputBasis(plan, azure)],
  });
}

/** Current resources by the size of the database, which holds their history and its own overhead too. */
function estimated(dataBytes: number | undefined, { bytesPerResource }: Rates): Estimate | undefined {
  return dataBytes === undefined
    ? undefined
    : {
        least: dataBytes / bytesPerResource.most / 3,
        likely: dataBytes / bytesPerResource.likely,
        most: dataBytes / bytesPerResource.least,
      };
}

const isPartial = ({ scope }: Plan): boolean =>
  scope.resourceTypes !== undefined || scope.since !== undefined || scope.till !== undefined;

interface AzureFacts {
  readonly dataBytes: number | undefined;
  /** Provisioned request units per second. */
  readonly throughput: number | undefined;
}

async function readAzure({ source }: Plan, arm: ArmClient, signal: AbortSignal): Promise<AzureFacts> {
  const { resourceId, tenantId, kind } = source;
  if (resourceId === undefined) return { dataBytes: undefined, throughput: undefined };
  const [metrics, details] = await Promise.all([
    readServiceMetrics(arm, resourceId, tenantId, signal).catch(unlessCancelled),
    kind === 'azureApiForFhir'
      ? readServiceDetails(arm, resourceId, tenantId, signal).catch(unlessCancelled)
      : undefined,
  ]);
  const offered = details && at(details.raw, 'properties', 'cosmosDbConfiguration', 'offerThroughput');
  return { dataBytes: metrics?.dataBytes, throughput: typeof offered === 'number' ? offered : undefined };
}

function countBasis({ source }: Plan, known: CountedPlan | undefined, dataBytes: number | undefined): string {
  if (known?.current !== undefined) {
    const versions = known.versions === undefined ? '' : `, ${known.versions.toLocaleString('en')} versions`;
    return `Counted on ${source.name}: ${known.current.toLocaleString('en')} current resources${versions}.`;
  }
  if (known !== undefined) return `Not every type of ${source.name} could be counted, so that sizes are not known.`;
  return dataBytes === undefined
    ? `${source.name} cannot be counted and Azure Monitor tells no size of it: rehearse the plan to learn how much there is.`
    : `${source.name} cannot be counted: its resources are estimated from ${bytesText(dataBytes)} of data.`;
}

const changeBasis = (known: CountedPlan | undefined, changes: number | undefined): string =>
  changes === undefined
    ? `How much is written to the source is not known${known === undefined ? ', since it cannot be counted' : ''}: the write freeze of incremental copies cannot be told.`
    : `${changes.toLocaleString('en')} versions were written in the last seven days.`;

const throughputBasis = ({ source }: Plan, { throughput }: AzureFacts): readonly string[] =>
  source.kind !== 'azureApiForFhir'
    ? []
    : [
        throughput === undefined
          ? `The provisioned throughput of ${source.name} is not known.`
          : `${source.name} has ${throughput.toLocaleString('en')} RU/s provisioned; with autoscaling the bill follows what is used.`,
      ];

function unlessCancelled(error: unknown): undefined {
  if (FailureError.is(error, 'cancelled')) throw error;
  return undefined;
}
