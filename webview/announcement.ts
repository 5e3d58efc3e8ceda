import * as l10n from '@vscode/l10n';
import type { Formats } from './format.ts';
import type { AttentionView } from './protocol.ts';
import type { Sections } from './state.ts';
import { phaseWords } from './words.ts';

/** What a screen reader was told last. */
export interface Announced {
  readonly phase: string;
  readonly waiting: string | undefined;
  /** Whole tenths of the progress. */
  readonly tenth: number;
  readonly progress: string;
  readonly at: number;
}

export interface Announcement {
  /** Undefined: say nothing new. */
  readonly text: string | undefined;
  readonly announced: Announced;
}

const leastBetween = 30_000;

/** Resources that are on the target: imported, or found there when the import refused them as known. */
export function arrived({ progress, totals }: Pick<Sections, 'progress' | 'totals'>): number {
  return totals.reduce((sum, { alreadyThere }) => sum + alreadyThere, progress.imported);
}

/** Share of the migration that is done, 0 to 1: resources where their number is known, otherwise windows. */
export function shareDone({ progress, totals, head }: Sections): number | undefined {
  if (head.phase === 'complete' || head.phase === 'syncing') return 1;
  const { expected, windowsDone, windowsKnown } = progress;
  if (expected !== undefined && expected > 0) return Math.min(1, arrived({ progress, totals }) / expected);
  return windowsKnown > 0 ? Math.min(1, windowsDone / windowsKnown) : undefined;
}

/**
 * What the polite live region says next: every change of phase or waiting reason at once, progress at each tenth, or
 * when 30 seconds have passed since the last word.
 */
export function announce(last: Announced | undefined, sections: Sections, now: number, formats: Formats): Announcement {
  const { head, progress } = sections;
  const share = shareDone(sections) ?? 0;
  const tenth = Math.floor(share * 10);
  const progressText = l10n.t(
    '{0} of {1} windows, {2} resources imported.',
    formats.count(progress.windowsDone),
    formats.count(progress.windowsKnown),
    formats.count(progress.imported),
  );
  const announced = { phase: head.phase, waiting: head.waiting, tenth, progress: progressText, at: now };
  if (last?.phase !== head.phase || last.waiting !== head.waiting) {
    const parts = [`${phaseWords(head.phase)}.`, head.waiting, progressText];
    return { text: parts.filter((part) => part !== undefined).join(' '), announced };
  }
  const due = tenth !== last.tenth || (now - last.at >= leastBetween && progressText !== last.progress);
  return due ? { text: progressText, announced } : { text: undefined, announced: last };
}

/** Names a problem so that it is announced once. */
export function problemKey({ about, failure }: AttentionView): string {
  return JSON.stringify([about.window, about.operation, failure.message]);
}
