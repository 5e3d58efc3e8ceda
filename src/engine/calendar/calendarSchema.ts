import * as v from 'valibot';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

const timeOfDay = v.pipe(
  v.string(),
  v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time of day, for example 18:00; 24:00 is the end of a day.'),
);

/** A part of the days of a week. An end at or before the start lies on the day after. */
const periodSchema = v.strictObject({
  /** Days on which it begins; absent: every day. */
  days: v.optional(v.pipe(v.array(v.picklist(weekdays)), v.minLength(1), v.maxLength(7))),
  from: timeOfDay,
  till: timeOfDay,
});

const periods = v.pipe(v.array(periodSchema), v.minLength(1), v.maxLength(50));

/** When a migration may burden the services, by the clock on somebody's wall. */
export const calendarSchema = v.strictObject({
  /** IANA name, for example Europe/Berlin. */
  timeZone: v.pipe(v.string(), v.check(isTimeZone, 'A time zone by its IANA name, for example Europe/Berlin.')),
  /** When exports may start; absent: always. */
  exports: v.optional(periods),
  /** When imports may start; absent: always. */
  imports: v.optional(periods),
  /** What becomes of operations that still run when their time is over. */
  running: v.optional(v.picklist(['drain', 'cancel']), 'drain'),
});

export type Calendar = v.InferOutput<typeof calendarSchema>;
export type Period = v.InferOutput<typeof periodSchema>;

function isTimeZone(name: string): boolean {
  // An offset such as +02:00 knows no summer time, which is not what a calendar on a wall means.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
