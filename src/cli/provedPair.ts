import type { MigrationOverview } from '../engine/overview.ts';
import type { PlanService } from '../engine/plan.ts';
import { planService } from '../services/planDraft.ts';
import type { VerificationRequest } from '../services/verify/verification.ts';
import { serviceAt } from './serviceAt.ts';
import { planIn, type Session, UsageError } from './session.ts';

export interface PairOptions {
  readonly plan?: string;
  readonly source?: string;
  readonly target?: string;
}

/** What two services, or a plan and its newest migration, have in common with every verification of them. */
export type ProvedPair = Pick<VerificationRequest, 'source' | 'target' | 'migration'> & {
  readonly overview: MigrationOverview | undefined;
};

/** @throws UsageError unless either a plan or both services are given */
export async function provedPair({ services, signal }: Session, options: PairOptions): Promise<ProvedPair> {
  if (options.plan !== undefined) {
    if (options.source !== undefined || options.target !== undefined)
      throw new UsageError('Give either --plan, or --source and --target.');
    const { source, target } = await planIn(options.plan);
    const overviews = (await services.listMigrations()).map((handle) => handle.overview());
    const [overview] = overviews
      .filter(({ plan }) => isSame(plan.source, source) && isSame(plan.target, target))
      .sort((a, b) => b.createdAt - a.createdAt);
    return { source, target, ...(overview === undefined ? {} : { migration: overview.id }), overview };
  }
  if (options.source === undefined || options.target === undefined)
    throw new UsageError('Give --plan, or both --source and --target.');
  const [source, target] = await Promise.all([
    serviceAt(services, options.source, signal),
    serviceAt(services, options.target, signal),
  ]);
  return { source: planService(source), target: planService(target), overview: undefined };
}

const addressOf = ({ endpoint }: PlanService): string => endpoint.replace(/\/+$/, '').toLowerCase();
const isSame = (a: PlanService, b: PlanService): boolean => addressOf(a) === addressOf(b);
