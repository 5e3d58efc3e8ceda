import type { Failure } from '../../failure/failure.ts';
import { extraTypes, missingTypes } from '../decide/decide.ts';
import type { Observations } from '../decide/observations.ts';
import type { AttentionItem } from '../overview.ts';
import type { Instant } from '../ports.ts';
import { stuckOperations } from '../run/controls.ts';
import type { MigrationState, Window } from '../state/state.ts';
import { windowTotals } from './totals.ts';

const longSilence = 10 * 60_000;

/** Everything that a person must look at, most urgent first. */
export function attentionOf(state: MigrationState, seen: Observations, now: Instant): readonly AttentionItem[] {
  const items = [
    ...haltItems(state, seen),
    ...windowItems(state),
    ...operationItems(state, seen, now),
    ...sourceItems(state),
    ...searchParameterItems(state),
  ];
  return items.length === 0 && state.run === 'attention' ? [unexplained] : items;
}

/** A stop without a reason would leave people alone with it. */
const unexplained: AttentionItem = {
  about: {},
  failure: {
    kind: 'bug',
    message: 'The migration found nothing more to do although it is not complete.',
    nextStep: 'Retry; if it stops again, report it with a copy of the journal.',
  },
  actions: ['retry', 'cancel'],
};

function haltItems(state: MigrationState, seen: Observations): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  const failure = seen.stopped ?? state.halt;
  if (failure === undefined || state.run === 'cancelled' || state.run === 'complete') return items;
  const signsIn = failure.kind === 'notSignedIn';
  items.push({ about: {}, failure, actions: signsIn ? ['signIn', 'resume', 'cancel'] : ['resume', 'cancel'] });
  return items;
}

function windowItems(state: MigrationState): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  for (const window of state.windows.values()) {
    if (window.state !== 'needsAttention') continue;
    const { failed } = windowTotals(window);
    const decisions = failed > 0 ? (['failedLines', 'acceptLines'] as const) : [];
    const actions = ['retry', ...decisions] as const;
    items.push({ about: { window: window.id }, failure: windowFailure(state, window), actions });
  }
  return items;
}

/** Why a window is not done, in words. */
export function windowFailure(state: MigrationState, window: Window): Failure {
  const failure = window.failure ?? window.parts.find((part) => part.state === 'exhausted')?.failure;
  if (failure !== undefined) return failure;
  const { failed, unaccounted } = windowTotals(window);
  const problems = [
    ...(failed > 0 ? [`${failed} lines were refused and are not on the target (${reasonsOf(window)})`] : []),
    ...(unaccounted > 0 ? [`${unaccounted} lines were neither imported nor refused`] : []),
    ...((window.exported?.missing ?? 0) > 0
      ? [`the export holds ${window.exported?.missing ?? 0} resources fewer than a count of the window`]
      : []),
    ...((window.exported?.errors ?? 0) > 0
      ? [`the export reports ${window.exported?.errors ?? 0} files with errors`]
      : []),
  ];
  return {
    kind: 'rejected',
    message: `Window ${window.id} is not accounted for: ${problems.join('; ')}.`,
    service: failed > 0 || unaccounted > 0 ? state.plan.target.name : state.plan.source.name,
    nextStep:
      failed > 0
        ? 'Look at the failed lines; retry them when their cause is gone, or accept them with a reason.'
        : 'Look at the error files in the staging account, then retry the window.',
  };
}

function reasonsOf(window: Window): string {
  const reasons = new Map<string, number>();
  for (const part of window.parts) {
    for (const [reason, lines] of Object.entries(part.reasons)) reasons.set(reason, (reasons.get(reason) ?? 0) + lines);
  }
  return [...reasons].map(([reason, lines]) => `${reason}: ${lines}`).join(', ');
}

function operationItems(state: MigrationState, seen: Observations, now: Instant): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  for (const operation of stuckOperations(state, now)) {
    items.push({
      about: { operation },
      failure: {
        kind: 'unavailable',
        message: `Operation ${operation} has been running far longer than others of its kind.`,
        service: state.exports.has(operation) ? state.plan.source.name : state.plan.target.name,
        nextStep: 'Wait, or retry: the operation is then cancelled on its server and done again.',
      },
      actions: ['retry', 'cancel'],
    });
  }
  for (const [operation, poll] of seen.polls) {
    if (poll.failure === undefined || now - (poll.budget.firstAt ?? now) < longSilence) continue;
    if (state.exports.has(operation) || state.imports.has(operation)) {
      items.push({ about: { operation }, failure: poll.failure, actions: [] });
    }
  }
  return items;
}

function sourceItems(state: MigrationState): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  const service = state.plan.source.name;
  const changes = state.quiet?.changes;
  if (state.run === 'attention' && changes !== undefined && changes > 0) {
    const since = new Date(state.rounds.at(-1)?.till ?? 0).toISOString();
    items.push({
      about: {},
      failure: {
        kind: 'conflict',
        message: `The source is still being written: ${changes} changes since ${since}.`,
        service,
        nextStep: 'Stop all writes to the source, then take one more catch-up.',
      },
      actions: ['catchUp'],
    });
  }
  if (state.run === 'attention' && state.quiet?.failure !== undefined && state.source?.counts === true) {
    items.push({ about: {}, failure: state.quiet.failure, actions: ['retry', 'catchUp'] });
  }
  const missing = missingTypes(state);
  if (missing.length > 0) {
    items.push({
      about: {},
      failure: {
        kind: 'conflict',
        message: `The target holds fewer resources than the source (${countsOf(state, missing)}).`,
        service: state.plan.target.name,
        nextStep:
          'If the source is still being written, stop that and take one more catch-up; otherwise compare the services.',
      },
      actions: ['catchUp', 'retry'],
    });
  }
  const extra = extraTypes(state);
  if (extra.length > 0) {
    items.push({
      about: {},
      failure: {
        kind: 'conflict',
        message: `The target holds more resources than the source (${countsOf(state, extra)}).`,
        service: state.plan.target.name,
        nextStep: 'Resources that were deleted for good on the source stay on the target: no export names them.',
      },
      actions: [],
    });
  }
  return items;
}

function countsOf(state: MigrationState, types: readonly string[]): string {
  return types
    .map((type) => {
      const counted = state.compared?.types[type];
      return `${type}: ${counted?.target ?? 0} instead of ${counted?.source ?? 0}`;
    })
    .join(', ');
}

function searchParameterItems(state: MigrationState): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  const { failure, outcomes } = state.searchParameters;
  const isFailed =
    state.searchParameters.state === 'failed' ||
    [...state.windows.values()].some((window) => window.exported?.searchParameters === 'failed');
  if (isFailed && failure !== undefined) items.push({ about: {}, failure, actions: ['retry'] });
  const refused = [...outcomes.values()].filter((outcome) => outcome.outcome === 'failed');
  const [first] = refused;
  if (first !== undefined) {
    items.push({
      about: {},
      failure: first.failure ?? {
        kind: 'rejected',
        message: `${refused.length} search parameters could not be created on the target, the first is ${first.url}.`,
        service: state.plan.target.name,
      },
      actions: ['retry'],
    });
  }
  return items;
}
