import { notCutOver } from '../cutover.ts';
import type { EventOf } from '../events.ts';
import type { Draft } from './draft.ts';

/** Clean-ups that a state remembers; the journal keeps all. */
const kept = 50;

/** The last word on a gate takes the place of the one before. */
export function applyGateDecided(draft: Draft, event: EventOf<'gateDecided'>): void {
  const { at, gate, decision, because } = event;
  const others = draft.cutover.decisions.filter((each) => each.gate !== gate);
  draft.cutover = { ...draft.cutover, decisions: [...others, { at, gate, decision, because }] };
}

/** What was confirmed of an earlier way over says nothing of this one. */
export function applyCutoverBegun(draft: Draft, event: EventOf<'cutoverBegun'>): void {
  const { at, gates } = event;
  const decisions = draft.cutover.decisions.filter(({ gate }) => gates.some(({ id }) => id === gate));
  draft.cutover = { ...draft.cutover, decisions, begun: { at, gates }, signedOff: undefined };
}

export function applyCutoverSignedOff(draft: Draft, event: EventOf<'cutoverSignedOff'>): void {
  const { at, by, because, cutoverAt, gates, steps } = event;
  draft.cutover = { ...draft.cutover, signedOff: { at, by, because, cutoverAt, gates, steps } };
}

/** Applications use the source again: what was signed and confirmed does not hold any more. */
export function applyWentBack(draft: Draft, event: EventOf<'wentBack'>): void {
  draft.cutover = { ...notCutOver, wentBack: { at: event.at, because: event.because } };
}

export function applyCleanedUp(draft: Draft, event: EventOf<'cleanedUp'>): void {
  const { at, blobs, bytes, errorFiles, containers, changes, kept: left, digest, proved } = event;
  const record = { at, blobs, bytes, errorFiles, containers, changes, kept: left, digest, proved };
  draft.cleanups = [...draft.cleanups, record].slice(-kept);
}
