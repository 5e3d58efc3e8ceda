/** How values are written in the user's language. */
export interface Formats {
  readonly count: (value: number) => string;
  /** Short form for axes, for example `1.2M`. */
  readonly compact: (value: number) => string;
  /** Whole percent of a part; never 100 % before the whole is there. */
  readonly percent: (part: number, whole: number) => string;
  /** Resources per second. */
  readonly rate: (perSecond: number) => string;
  /** The two largest units, for example `3 hr 12 min`. */
  readonly duration: (milliseconds: number) => string;
  /** The same in the narrowest form, for columns, for example `3h 12m`. */
  readonly span: (milliseconds: number) => string;
  /** Date and time here. */
  readonly moment: (instant: number) => string;
  /** Time of day here. */
  readonly time: (instant: number) => string;
  /** Date and time in UTC without saying so, for columns whose heading does; milliseconds only where there are any. */
  readonly bound: (instant: number) => string;
  /** Date in UTC. */
  readonly day: (instant: number) => string;
  readonly list: (words: readonly string[]) => string;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function durationIn(locale: string, unitDisplay: 'short' | 'narrow'): Formats['duration'] {
  const of = new Map(
    units.map(([unit]) => [unit, new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay })]),
  );
  return (milliseconds) => {
    let rest = Math.max(0, Math.round(milliseconds / 1_000) * 1_000);
    const first = units.findIndex(([, size]) => rest >= size);
    const parts = units.slice(first, first + 2).flatMap(([unit, size]) => {
      const amount = Math.floor(rest / size);
      rest -= amount * size;
      return amount > 0 ? [of.get(unit)?.format(amount) ?? ''] : [];
    });
    return parts.length > 0 ? parts.join(' ') : (of.get('second')?.format(0) ?? '0');
  };
}

/** Writers for a language tag; an unknown tag falls back to English. */
export function formatsFor(locale: string): Formats {
  const known = isLocale(locale) ? locale : 'en';
  const count = new Intl.NumberFormat(known);
  const compact = new Intl.NumberFormat(known, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(known, { style: 'percent', maximumFractionDigits: 0 });
  const rate = new Intl.NumberFormat(known, { maximumSignificantDigits: 3 });
  const moment = new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(known, { timeStyle: 'short' });
  const bound = new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  const boundWithSeconds = new Intl.DateTimeFormat(known, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  const day = new Intl.DateTimeFormat(known, { dateStyle: 'medium', timeZone: 'UTC' });
  const list = new Intl.ListFormat(known);
  return {
    count: (value) => count.format(value),
    compact: (value) => compact.format(value),
    percent: (part, whole) => percent.format(whole > 0 ? Math.min(1, Math.floor((part / whole) * 100) / 100) : 0),
    rate: (perSecond) => rate.format(perSecond),
    duration: durationIn(known, 'short'),
    span: durationIn(known, 'narrow'),
    moment: (instant) => within(instant, moment),
    time: (instant) => within(instant, time),
    bound: (instant) => within(instant, instant % 60_000 === 0 ? bound : boundWithSeconds),
    day: (instant) => within(instant, day),
    list: (words) => list.format(words),
  };
}

function isLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    // Not even the form of a language tag.
    return false;
  }
}

/** Dates that the calendar does not know (over 8.64e15 ms) are written as numbers instead of failing the page. */
function within(instant: number, format: Intl.DateTimeFormat): string {
  return Math.abs(instant) <= 8.64e15 ? format.format(instant) : String(instant);
}
