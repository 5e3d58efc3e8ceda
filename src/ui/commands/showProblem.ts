import type { Failure } from '../../failure/failure.ts';
import type { Ui } from '../ui.ts';
import { nodeOf } from './selection.ts';

/** Opens everything known of a failure: of a node, of the panel, or of the first problem of the list of services. */
export async function showProblem(ui: Ui, clicked: unknown): Promise<void> {
  const failure = failureOf(clicked) ?? ui.catalog.current.problems[0]?.failure ?? ui.migrations.failure;
  if (failure !== undefined) await ui.presenter.showDetails(failure, Date.now());
}

function failureOf(argument: unknown): Failure | undefined {
  if (typeof argument === 'object' && argument !== null && 'failure' in argument) return argument.failure as Failure;
  const node = nodeOf(argument);
  const holder = node?.problem ?? node?.item;
  return typeof holder === 'object' && holder !== null && 'failure' in holder ? (holder.failure as Failure) : undefined;
}
