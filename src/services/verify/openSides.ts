import type { Staging } from '../../azure/staging.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Plan, PlanService } from '../../engine/plan.ts';
import { toFailure } from '../../failure/failure.ts';
import { count } from '../../fhir/count.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import type { Clients } from '../clients.ts';
import { serviceSide, type Side } from './sides.ts';
import { stagedSide } from './stagedSide.ts';

export interface OpenService {
  readonly client: FhirClient;
  readonly side: Side;
  readonly types: readonly string[];
  /** The server's clock, milliseconds since 1970 UTC. */
  readonly now: number;
}

/** Reads what a service is, and makes it a side of a comparison. */
export async function openService(client: FhirClient, signal: AbortSignal): Promise<OpenService> {
  const { capabilities, serverTime } = await readMetadata(client, signal);
  const types = Object.keys(capabilities.versioning);
  return { client, side: knowing(serviceSide(client), new Set(types)), types, now: serverTime ?? client.clock.now() };
}

export interface OpenSource {
  readonly side: Side;
  readonly types: readonly string[];
  readonly truth: 'service' | 'stagedFiles';
  /** Undefined: exported files stand for it. */
  readonly service: OpenService | undefined;
  /** Whether versions can be counted; undefined: on wish. */
  readonly history: boolean | undefined;
}

/** The source of a comparison: the service, or the exported files of a migration whose source no longer answers. */
export async function openSource(
  source: PlanService,
  proved: MigrationOverview | undefined,
  around: { readonly clients: Clients; readonly stagingOf: (plan: Plan) => Staging },
  signal: AbortSignal,
): Promise<OpenSource> {
  const { clients, stagingOf } = around;
  const client = proved?.blind === true ? undefined : await clients.of(source, signal);
  if (proved !== undefined && (client === undefined || (await isRetired(client, signal)))) {
    const { history } = proved.plan.scope;
    const staged = await stagedSide(stagingOf(proved.plan), proved.staging.folders, history, signal);
    return { ...staged, truth: 'stagedFiles', service: undefined, history };
  }
  const service = await openService(client ?? (await clients.of(source, signal)), signal);
  return { side: service.side, types: service.types, truth: 'service', service, history: undefined };
}

/** A retired service still answers its capability statement, so that only a count tells. */
async function isRetired(client: FhirClient, signal: AbortSignal): Promise<boolean> {
  try {
    await count(client, { of: 'current', type: 'Patient' }, signal);
  } catch (error) {
    const { kind } = toFailure(error);
    if (kind === 'cancelled') throw error;
    return kind === 'retired';
  }
  return false;
}

/** A type that a service does not know has no resource there, which is an answer without a request. */
function knowing(side: Side, types: ReadonlySet<string>): Side {
  return {
    counts: async (ranges, of, signal) => {
      const asked = ranges.filter(({ type }) => types.has(type));
      const counts = [...(await side.counts(asked, of, signal))];
      return ranges.map(({ type }) => (types.has(type) ? counts.shift() : 0));
    },
    async *list(range, content, signal) {
      if (types.has(range.type)) yield* side.list(range, content, signal);
    },
    read: async (type, ids, signal) =>
      types.has(type) ? side.read(type, ids, signal) : ids.map(() => ({ state: 'absent' }) as const),
    versions: async (range, signal) => (types.has(range.type) ? side.versions(range, signal) : []),
    text: (type, id, signal) => side.text(type, id, signal),
  };
}
