/** FHIR instant as the services print it: milliseconds without trailing zeros, offset `+00:00`. */
export function formatInstant(milliseconds: number): string {
  const [whole = '', fraction = ''] = new Date(milliseconds).toISOString().slice(0, -1).split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? `${whole}+00:00` : `${whole}.${digits}+00:00`;
}

/** A date or time given in a request, as the half-open interval of milliseconds that it stands for. */
export interface InstantRange {
  readonly start: number;
  readonly end: number;
}

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/**
 * Reads a FHIR date, dateTime or instant, complete or partial; without an offset it is UTC.
 * @returns undefined when the text is none, for example because a `+` in a query was decoded to a blank.
 */
export function parseInstantRange(text: string): InstantRange | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const time = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0').slice(0, 3)}`;
  const date = `${year ?? ''}-${month ?? '01'}-${day ?? '01'}`;
  const start = Date.parse(`${date}T${time}${offset ?? 'Z'}`);
  if (Number.isNaN(start) || !sameDay(date, offset, start)) return undefined;
  if (fraction !== undefined) return { start, end: start + 1 };
  if (second !== undefined) return { start, end: start + 1_000 };
  if (hour !== undefined) return { start, end: start + 60_000 };
  if (day !== undefined) return { start, end: start + 86_400_000 };
  const years = Number(year) + (month === undefined ? 1 : 0);
  return { start, end: Date.UTC(years, month === undefined ? 0 : Number(month)) };
}

/** `Date.parse` rolls 31 February over into March; the services refuse it. */
function sameDay(date: string, offset: string | undefined, start: number): boolean {
  if (offset !== undefined && offset !== 'Z') return !Number.isNaN(Date.parse(`${date}T00:00:00Z`));
  return new Date(start).toISOString().startsWith(date);
}
