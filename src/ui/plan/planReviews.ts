import type { Plan } from '../../engine/plan.ts';
import { toFailure } from '../../failure/failure.ts';
import type { PreflightCheck, PreflightReport, Services } from '../../services/contract.ts';
import type { PlanReview } from '../documents/planSummaryDocument.ts';
import { Listeners } from '../platform/listeners.ts';

/** A preflight is believed for this long; services change under our feet. */
const believedMs = 10 * 60_000;

interface Entry {
  review: PlanReview;
  preflight: { readonly run: Promise<PreflightReport>; readonly startedAt: number } | undefined;
  summary: Promise<void> | undefined;
}

/** What the user knows of plans before they start: counts, windows, preflight. Kept per content of the plan. */
export class PlanReviews {
  readonly #services: () => Promise<Services>;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Listeners<PlanReview>();

  constructor(services: () => Promise<Services>, now: () => number) {
    this.#services = services;
    this.#now = now;
  }

  /** Something was learned of a plan. */
  onChange(listener: (review: PlanReview) => void): () => void {
    return this.#changed.add(listener);
  }

  /** What is known of exactly this plan; undefined when nobody asked. */
  known(plan: Plan): PlanReview | undefined {
    return this.#entries.get(keyOf(plan))?.review;
  }

  /** Counts the plan's source, once. Never throws: a failure is part of the review. */
  summarize(plan: Plan, signal: AbortSignal): Promise<void> {
    const entry = this.#entry(plan);
    entry.summary ??= this.#summarize(entry, plan, signal);
    return entry.summary;
  }

  /**
   * Runs the preflight anew, or gives the report of one that is still running or fresh. Throws what kept it from
   * completing.
   */
  preflight(plan: Plan, signal: AbortSignal, mayReuse: boolean): Promise<PreflightReport> {
    const entry = this.#entry(plan);
    const fresh = entry.preflight !== undefined && this.#now() - entry.preflight.startedAt < believedMs;
    const report = entry.review.preflight?.report;
    const running = entry.preflight !== undefined && report === undefined;
    if (entry.preflight !== undefined && (running || (mayReuse && fresh && report?.ok === true))) {
      return entry.preflight.run;
    }
    const run = this.#preflight(entry, plan, signal);
    entry.preflight = { run, startedAt: this.#now() };
    return run;
  }

  async #summarize(entry: Entry, plan: Plan, signal: AbortSignal): Promise<void> {
    this.#set(entry, { summaryFailure: undefined });
    try {
      const services = await this.#services();
      this.#set(entry, { summary: await services.summarize(plan, signal) });
    } catch (error) {
      entry.summary = undefined;
      const failure = toFailure(error);
      if (failure.kind !== 'cancelled') this.#set(entry, { summaryFailure: failure });
    }
  }

  async #preflight(entry: Entry, plan: Plan, signal: AbortSignal): Promise<PreflightReport> {
    this.#set(entry, { preflight: { checks: [], report: undefined, failure: undefined } });
    const add = (check: PreflightCheck): void => {
      const checks = [...(entry.review.preflight?.checks ?? []).filter(({ id }) => id !== check.id), check];
      this.#set(entry, { preflight: { checks, report: undefined, failure: undefined } });
    };
    try {
      const services = await this.#services();
      const report = await services.preflight(plan, signal, add);
      this.#set(entry, { preflight: { checks: report.checks, report, failure: undefined } });
      return report;
    } catch (error) {
      entry.preflight = undefined;
      const checks = entry.review.preflight?.checks ?? [];
      const failure = toFailure(error);
      const given = failure.kind === 'cancelled' ? undefined : { checks, report: undefined, failure };
      this.#set(entry, { preflight: given });
      throw error;
    }
  }

  #entry(plan: Plan): Entry {
    const key = keyOf(plan);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      review: {
        plan,
        summary: undefined,
        summaryFailure: undefined,
        preflight: undefined,
      },
      preflight: undefined,
      summary: undefined,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #set(entry: Entry, change: Partial<PlanReview>): void {
    entry.review = { ...entry.review, ...change };
    this.#changed.fire(entry.review);
  }
}

/** Two plans are the same when they do the same: what is only kept in the file does not count. */
export const samePlan = (a: Plan, b: Plan): boolean => keyOf(a) === keyOf(b);

const keyOf = (plan: Plan): string =>
  JSON.stringify({ ...plan, accepted: undefined, predictions: undefined, rehearsals: undefined });
