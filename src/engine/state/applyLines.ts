import type { EventOf, PartJudgement } from '../events.ts';
import { freshBudget } from './budget.ts';
import { changeWindow, type Draft } from './draft.ts';
import { changeParts } from './parts.ts';
import { settleWindow } from './settle.ts';
import type { Part, Window } from './state.ts';

/** A part whose refused lines were judged: at its end, or on its way to an import of what may still be taken. */
export function judged(part: Part, verdicts: PartJudgement): Part {
  // Of an import of refused lines alone, the verdicts come to those about the lines that were not in it.
  const before = part.retry === undefined ? none : part;
  return withVerdicts(part, {
    ...verdicts,
    alreadyThere: before.alreadyThere + verdicts.alreadyThere,
    superseded: before.superseded + verdicts.superseded,
    failed: before.failed + verdicts.failed,
    reasons: sumOf(before.reasons, verdicts.reasons),
  });
}

const none: Pick<Part, 'alreadyThere' | 'superseded' | 'failed' | 'reasons'> = {
  alreadyThere: 0,
  superseded: 0,
  failed: 0,
  reasons: {},
};

function withVerdicts(part: Part, { alreadyThere, superseded, failed, reasons, retry, retryAt }: PartJudgement): Part {
  const counted: Part = { ...part, alreadyThere, superseded, failed, reasons, retry, accepted: undefined };
  if (retry === undefined) return { ...counted, state: 'settled', budget: freshBudget, retryAt: undefined };
  return { ...counted, state: 'pending', retries: (part.retries ?? 0) + 1, retryAt };
}

/** Sums by reason. */
export function sumOf(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = new Map(Object.entries(a));
  for (const [reason, lines] of Object.entries(b)) sums.set(reason, (sums.get(reason) ?? 0) + lines);
  return Object.fromEntries(sums);
}

/** All refused lines of parts were judged anew, those that a later import took included. */
export function applyLinesJudged(draft: Draft, event: EventOf<'linesJudged'>): void {
  changeParts(draft, event.parts, event.at, (part, verdicts) => {
    if (part.state !== 'judging') return part;
    const alreadyThere = Math.max(0, verdicts.alreadyThere - (part.retried ?? 0));
    return withVerdicts(part, { ...verdicts, alreadyThere });
  });
  noteFolders(draft, event.parts);
}

/** Remembers where lines were staged once more, so that cleaning up finds them. */
export function noteFolders(draft: Draft, parts: readonly PartJudgement[]): void {
  for (const { window, retry } of parts) {
    if (retry === undefined) continue;
    changeWindow(draft, window, ({ folders }) =>
      folders.includes(retry.folder) ? {} : { folders: [...folders, retry.folder] },
    );
  }
}

/** Leaves the failed lines of a window behind, unless others came since somebody decided. */
export function applyLinesAccepted(draft: Draft, event: EventOf<'linesAccepted'>): void {
  const window = draft.windows.get(event.window);
  if (window === undefined || failedLinesOf(window) !== event.lines) return;
  const { lines, reasons, because, digest, at } = event;
  const accepted: Window = {
    ...window,
    parts: window.parts.map((part) => (part.failed > 0 ? { ...part, accepted: part.failed } : part)),
    accepted: { lines, reasons, because, digest, at },
  };
  draft.windows.set(window.id, settleWindow(accepted, event.at));
}

/** Lines of a window that are not on the target, accepted ones included. */
export function failedLinesOf(window: Window): number {
  return window.parts.reduce((sum, { failed }) => sum + failed, 0);
}
