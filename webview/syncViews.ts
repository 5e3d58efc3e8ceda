import * as v from 'valibot';

/*
 * What the panel's host tells its page of a migration that is kept in sync. Both sides compile this file: no DOM, no
 * node, no vscode.
 */

const flag = v.boolean();
const instant = v.pipe(v.number(), v.finite());
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

export const syncSchema = v.object({
  /** `follow`: a copy for disaster recovery, whose lag is its recovery point. */
  purpose: v.picklist(['cutover', 'follow']),
  lagTargetMs: amount,
  /** Everything up to then is on the target, by the host's clock: the age of the copy grows by itself. */
  copiedUntil: v.optional(instant),
  /** False: exports show the present, so that some changes follow only with a later one. */
  exact: flag,
  nextWindowAt: v.optional(instant),
});
export type SyncView = v.InferOutput<typeof syncSchema>;

export const finishSchema = v.object({
  state: v.picklist(['draining', 'proving', 'frozen', 'written', 'unproven']),
  requestedAt: instant,
  /** When the writers were stopped. */
  frozenAt: instant,
  freezeToDoneMs: v.optional(amount),
  /** The newest change of the source before the last window and after it. */
  newestBefore: v.optional(instant),
  newestAfter: v.optional(instant),
  changes: v.optional(amount),
  by: v.optional(v.picklist(['search', 'export', 'retired', 'none'])),
});
export type FinishView = v.InferOutput<typeof finishSchema>;

export const cutoverSchema = v.object({
  /** `held`: kept in sync at the brink. */
  state: v.picklist(['held', 'begun', 'signedOff', 'wentBack']),
  /** When it came to that; of `held`, the age of the copy. */
  at: instant,
  /** Who signed. */
  by: v.optional(v.string()),
});
export type CutoverView = v.InferOutput<typeof cutoverSchema>;
