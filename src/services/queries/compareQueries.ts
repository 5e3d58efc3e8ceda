import { type ComparedAnswers, compareAnswers } from '../../compare/queries/compareAnswers.ts';
import { type Query, queryText } from '../../compare/queries/parseQueries.ts';
import type { QueryAnswer } from '../../fhir/queryAnswer.ts';
import { runQuery } from '../../fhir/runQuery.ts';
import { openSide, type ServiceRef, type SideOptions } from '../compare/side.ts';

/** One search as both services answered it. Names resources by id, so it is shown and never logged. */
export interface QueryComparison extends ComparedAnswers {
  readonly line: number;
  readonly query: string;
  readonly equal: boolean;
  readonly source: Pick<QueryAnswer, 'status' | 'total' | 'milliseconds'>;
  readonly target: Pick<QueryAnswer, 'status' | 'total' | 'milliseconds'>;
}

const nothingWanted = { types: [], withUse: false };

/**
 * Runs searches one after the other on both services and lays the answers side by side.
 * @throws FailureError when one of the services cannot be searched at all
 */
export async function compareQueries(
  source: ServiceRef,
  target: ServiceRef,
  queries: readonly Query[],
  progress: (compared: QueryComparison) => void,
  options: SideOptions,
): Promise<readonly QueryComparison[]> {
  const [from, to] = await Promise.all(
    [source, target].map(async (ref) => (await openSide(ref, nothingWanted, options)).client()),
  );
  const compared: QueryComparison[] = [];
  if (from === undefined || to === undefined) return compared;
  for (const query of queries) {
    const [left, right] = await Promise.all([
      runQuery(from, query, options.signal),
      runQuery(to, query, options.signal),
    ]);
    const result = compareAnswers(
      left,
      right,
      query.parameters.some(([name]) => name === '_sort'),
    );
    const one: QueryComparison = {
      line: query.line,
      query: queryText(query),
      equal: result.differences.length === 0,
      ...result,
      source: summaryOf(left),
      target: summaryOf(right),
    };
    compared.push(one);
    progress(one);
  }
  return compared;
}

const summaryOf = ({ status, total, milliseconds }: QueryAnswer): QueryComparison['source'] => ({
  status,
  total,
  milliseconds,
});
