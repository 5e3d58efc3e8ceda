import type { Instant } from '../ports.ts';
import type { Part, Window } from './state.ts';

/** A part is at its end: every line is imported, judged, or known to be lost. */
export function isPartSettled(part: Part): boolean {
  return part.state === 'settled' || part.state === 'exhausted';
}

/** Lines of a part that are neither on the target nor explained. */
export function needsPerson(part: Part): boolean {
  return part.state === 'exhausted' || part.failed > (part.accepted ?? 0) || part.unaccounted > 0;
}

/**
 * Derives a window's state from its parts: done only when every line of every file is imported or already there, and
 * the export itself reported no errors and no shortfall.
 */
export function settleWindow(window: Window, at: Instant): Window {
  const exported = window.exported;
  if (exported === undefined) return window;
  if (!window.parts.every(isPartSettled)) {
    const waiting = window.parts.every((part) => part.state === 'pending');
    return { ...window, state: waiting ? 'exported' : 'importing', endedAt: undefined };
  }
  const endedAt = window.endedAt ?? at;
  if (exported.errors > 0 || exported.missing > 0 || window.parts.some(needsPerson)) {
    return { ...window, state: 'needsAttention', endedAt };
  }
  return { ...window, state: exported.resources === 0 ? 'empty' : 'done', endedAt, failure: undefined };
}

/** True when nothing more happens to the window by itself. */
export function isWindowSettled(window: Window): boolean {
  switch (window.state) {
    case 'done':
    case 'empty':
    case 'split':
    case 'needsAttention':
      return true;
    case 'planned':
    case 'exporting':
    case 'exported':
    case 'importing':
      return false;
  }
}
