import type { MigrationOverview, OperationOverview } from '../../engine/overview.ts';

/** A migration, as far as it tells what it does where. */
type Running = Pick<MigrationOverview, 'name' | 'plan'> & {
  readonly operations: readonly Pick<OperationOverview, 'kind'>[];
};

/** Names of the migrations that have an import at work on a service. */
export const importingInto = (endpoint: string, overviews: readonly Running[]): readonly string[] =>
  overviews
    .filter(({ plan, operations }) => key(plan.target.endpoint) === key(endpoint) && operations.some(isImport))
    .map(({ name }) => name);

const isImport = ({ kind }: Running['operations'][number]): boolean => kind === 'import';

const key = (endpoint: string): string => endpoint.replace(/\/+$/, '').toLowerCase();
