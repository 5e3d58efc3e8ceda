import type { EventOf, WindowBounds } from '../events.ts';
import { numberedWindow, type WindowId } from '../ids.ts';
import { toExportAgain } from './applyLifecycle.ts';
import { lowered } from '../windows/sizing.ts';
import { freshBudget } from './budget.ts';
import { changeWindow, note, type Draft } from './draft.ts';
import type { Round, Window } from './state.ts';

export function applySourceProbed(draft: Draft, event: EventOf<'sourceProbed'>): void {
  draft.source = {
    counts: event.counts,
    deprecated: event.deprecated,
    deprecatedAt: event.deprecated ? event.at : undefined,
    wasLive: !event.deprecated || (draft.source?.wasLive ?? false),
    earliest: event.earliest,
    empty: event.empty,
    targetEmpty: event.targetEmpty === true,
    clockOffset: event.serverTime - event.at,
    targetClockOffset: event.targetTime - event.at,
    failure: event.failure,
  };
  if (event.deprecated) {
    note(
      draft,
      'The source is retired and answers only its capability statement and exports: totals are known as manifests come.',
    );
  } else if (!event.counts) {
    note(draft, 'The source does not answer counts: totals are known only as manifests come.');
  }
}

/** A source that answered more before now answers only metadata and export. */
export function applySourceRetired(draft: Draft, event: EventOf<'sourceRetired'>): void {
  if (draft.source === undefined) return;
  draft.source = {
    ...draft.source,
    counts: false,
    deprecated: true,
    deprecatedAt: draft.source.deprecatedAt ?? event.at,
  };
  note(draft, 'The source was retired during the migration: it answers only its capability statement and exports.');
  goBlind(draft);
}

export function applyCountsRefused(draft: Draft, event: EventOf<'countsRefused'>): void {
  if (draft.source === undefined) return;
  draft.source = { ...draft.source, counts: false, failure: event.failure };
  note(draft, 'The source stopped answering counts: totals are known only as manifests come.');
  goBlind(draft);
}

function goBlind(draft: Draft): void {
  draft.rounds = draft.rounds.map((round) => {
    if (round.planned || round.blind) return round;
    const begun = round.span !== undefined;
    return {
      ...round,
      blind: true,
      floor: begun ? round.cursor : round.since,
      cursor: round.till,
      span: undefined,
      skipped: false,
    };
  });
}

export function applyRoundOpened(draft: Draft, event: EventOf<'roundOpened'>): void {
  const start = event.since ?? draft.source?.earliest;
  const nothing = start !== undefined && start >= event.till;
  const round: Round = {
    number: event.round,
    purpose: event.purpose,
    since: event.since,
    till: event.till,
    blind: event.blind,
    versions: event.versions,
    openedAt: event.at,
    cursor: event.blind ? event.till : start,
    floor: event.since,
    planned: nothing || (event.round === 0 && draft.source?.empty === true),
    span: undefined,
    skipped: false,
  };
  const before = draft.rounds.filter((old) => isKept(old, event.round));
  draft.rounds = [...before, round];
  draft.quiet = undefined;
  if (event.round > 0) draft.catchUpAsked = false;
  if (event.purpose === 'last' && draft.finish?.round === undefined && draft.finish !== undefined) {
    draft.finish = { ...draft.finish, round: event.round, newestBefore: event.newest };
  }
}

/** Rounds of sync that lie back and are planned say nothing any more. */
function isKept(round: Round, next: number): boolean {
  return round.purpose !== 'sync' || !round.planned || round.number >= next - keptRounds;
}

const keptRounds = 20;

export function applyWindowPlanned(draft: Draft, event: EventOf<'windowPlanned'>): void {
  const first = Number.parseInt(event.window.slice(1), 10);
  for (const [index, { type, expected }] of (
    event.types ?? [{ type: undefined, expected: event.expected }]
  ).entries()) {
    const id = index === 0 ? event.window : numberedWindow(first + index);
    addWindow(draft, id, event.round, { ...event, type }, expected);
  }
  changeRound(draft, event.round, (round) => advanced(round, event, false));
}

export function applyRangeSkipped(draft: Draft, event: EventOf<'rangeSkipped'>): void {
  changeRound(draft, event.round, (round) => advanced(round, event, true));
}

function advanced(round: Round, bounds: WindowBounds, skipped: boolean): Round {
  if (round.blind) {
    const done = bounds.since === undefined || (round.floor !== undefined && bounds.since <= round.floor);
    const span = bounds.since === undefined ? round.span : bounds.till - bounds.since;
    return { ...round, cursor: bounds.since, span, planned: done, skipped };
  }
  const from = round.cursor ?? bounds.since ?? bounds.till;
  return { ...round, cursor: bounds.till, span: bounds.till - from, planned: bounds.till >= round.till, skipped };
}

function changeRound(draft: Draft, number: number, change: (round: Round) => Round): void {
  draft.rounds = draft.rounds.map((round) => (round.number === number ? change(round) : round));
}

/** The window stays as a record of what was tried; its halves take its place. */
export function applyWindowSplit(draft: Draft, event: EventOf<'windowSplit'>): void {
  const window = draft.windows.get(event.window);
  if (window === undefined) return;
  for (const operation of draft.exports.values()) {
    if (operation.window === event.window) draft.exports.delete(operation.id);
  }
  changeWindow(draft, event.window, () => ({
    state: 'split',
    endedAt: event.at,
    failure: event.failure,
    retryAt: undefined,
  }));
  for (const part of event.parts)
    addWindow(draft, part.window, window.round, { ...part, type: window.type }, undefined);
  if (event.failure === undefined) return;
  draft.sizing = lowered(draft.sizing, {
    ...(event.maxCount === undefined ? {} : { maxCount: event.maxCount }),
    ...(window.expected === undefined ? {} : { resources: Math.ceil(window.expected / 2) }),
    ...(window.since === undefined ? {} : { span: Math.ceil((window.till - window.since) / 2) }),
  });
}

function addWindow(
  draft: Draft,
  id: WindowId,
  round: number,
  bounds: WindowBounds & { readonly type?: string | undefined },
  expected: number | undefined,
): void {
  const window: Window = {
    id,
    round,
    type: bounds.type,
    since: bounds.since,
    till: bounds.till,
    state: 'planned',
    expected,
    maxCount: undefined,
    attempts: 0,
    budget: freshBudget,
    retryAt: undefined,
    exported: undefined,
    parts: [],
    folders: [],
    exportedAgain: false,
    startedAt: undefined,
    endedAt: undefined,
    failure: undefined,
  };
  draft.windows.set(id, window);
}

export function applyQuietChecked(draft: Draft, event: EventOf<'quietChecked'>): void {
  draft.quiet = { round: event.round, changes: event.changes, failure: event.failure };
}

export function applyCountsCompared(draft: Draft, event: EventOf<'countsCompared'>): void {
  draft.compared = { types: event.types, failure: event.failure };
}

export function applyDifferencesLocated(draft: Draft, event: EventOf<'differencesLocated'>): void {
  draft.differencesLocated = true;
  if (event.windows.length === 0) return;
  draft.compared = undefined;
  note(
    draft,
    'The services held different numbers of resources in some windows: these were exported and imported again.',
  );
  for (const id of event.windows) changeWindow(draft, id, toExportAgain);
}

export function applySearchParametersCopied(draft: Draft, event: EventOf<'searchParametersCopied'>): void {
  const outcomes = new Map(draft.searchParameters.outcomes);
  for (const outcome of event.outcomes) outcomes.set(outcome.url, outcome);
  draft.searchParameters = {
    ...draft.searchParameters,
    outcomes,
    state: event.window === undefined ? 'done' : draft.searchParameters.state,
  };
  markSearchParameters(draft, event.window, 'done');
}

export function applySearchParametersFailed(draft: Draft, event: EventOf<'searchParametersFailed'>): void {
  draft.searchParameters = {
    ...draft.searchParameters,
    failure: event.failure,
    state: event.window === undefined ? 'failed' : draft.searchParameters.state,
  };
  markSearchParameters(draft, event.window, 'failed');
}

function markSearchParameters(draft: Draft, id: WindowId | undefined, state: 'done' | 'failed'): void {
  if (id === undefined) return;
  changeWindow(draft, id, ({ exported }) =>
    exported === undefined ? {} : { exported: { ...exported, searchParameters: state } },
  );
}
