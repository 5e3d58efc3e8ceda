import * as v from 'valibot';

/*
 * What a plan file keeps beside what is to be done: decisions, prices, and what was predicted and rehearsed. The engine
 * reads none of it.
 */

const words = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const instant = v.pipe(v.string(), v.isoTimestamp('An instant, for example 2024-05-01T00:00:00.000Z.'));
const price = v.pipe(v.number(), v.minValue(0, 'At least 0.'), v.maxValue(1_000_000_000, 'At most 1,000,000,000.'));

/** Findings of an assessment that were looked at and accepted: the reason by the finding's id. */
export const acceptedSchema = v.record(
  v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,60}$/, 'The id of a finding, for example access.audience.')),
  words,
);

/** Differences of the two services that were set aside, by their keys in a comparison: the aspect, then the path. */
export const setAsideSchema = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.maxLength(1_000),
      v.regex(/^[a-zA-Z]{1,40}\/./, 'A difference, for example capabilities/Patient/versioning.'),
    ),
  ),
  v.maxLength(5_000),
);

/** Prices that the user entered; without one, nothing is said about money. */
export const pricesSchema = v.strictObject({
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'A currency, for example EUR.')),
  /** 100 request units per second of an Azure API for FHIR, for an hour. */
  throughputHour: v.optional(price),
  /** A million imported resources. */
  importedMillion: v.optional(price),
  /** A gigabyte in the staging account, for a month. */
  stagingGigabyteMonth: v.optional(price),
});

/** What was predicted, in words. */
export const predictionsSchema = v.strictObject({
  at: instant,
  basis: v.pipe(v.array(words), v.maxLength(30)),
  variants: v.pipe(
    v.array(
      v.strictObject({
        pattern: v.picklist(['incremental', 'liftAndShift']),
        history: v.boolean(),
        parallel: v.boolean(),
        windows: words,
        duration: words,
        writeFreeze: words,
        staging: words,
        imported: words,
        requestUnits: v.optional(words),
        throughput: v.optional(words),
        cost: v.optional(words),
      }),
    ),
    v.maxLength(16),
  ),
  leftOut: v.pipe(v.array(words), v.maxLength(50)),
});

/** A slice that was moved to learn how fast the services are; the target holds it when it is that of the plan. */
export const rehearsalsSchema = v.pipe(
  v.array(
    v.strictObject({
      at: instant,
      since: instant,
      till: instant,
      /** Address of the service that took the slice. */
      target: words,
      resources: v.pipe(v.number(), v.integer(), v.minValue(0)),
      /** How it ended and how fast it was, in words. */
      result: words,
    }),
  ),
  v.maxLength(100),
);

/** Name of the plan whose slice this plan moves. */
export const rehearsalOfSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(120));
