import * as l10n from '@vscode/l10n';

/** Language of the editor, for numbers and dates; set once at start (see activate in extension.ts). */
let wanted = 'en';
let known: string | undefined;

/** Only notes the language: loading the data of Intl takes longer than everything else that happens at start. */
export function setLanguage(tag: string): void {
  wanted = tag;
  known = undefined;
}

const language = (): string => (known ??= Intl.NumberFormat.supportedLocalesOf([wanted]).length > 0 ? wanted : 'en');

/** A count with the separators of the editor's language. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 0 }).format(value);
}

/** An amount of money, in the editor's language. */
export function formatMoney(value: number, currency: string): string {
  return new Intl.NumberFormat(language(), { style: 'currency', currency }).format(value);
}

/** Resources per second, with one decimal below ten. */
export function formatRate(perSecond: number): string {
  const digits = perSecond < 10 ? 1 : 0;
  return l10n.t(
    '{0} resources per second',
    new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(perSecond),
  );
}

/** An instant (milliseconds since 1970 UTC) in the user's own time zone, to the minute. */
export function formatInstant(instant: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(instant);
}

const unit = (name: 'day' | 'hour' | 'minute' | 'second', value: number): string =>
  new Intl.NumberFormat(language(), { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);

/** A duration in milliseconds, in its two largest units. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    { name: 'day', value: Math.floor(seconds / 86_400) },
    { name: 'hour', value: Math.floor(seconds / 3600) % 24 },
    { name: 'minute', value: Math.floor(seconds / 60) % 60 },
    { name: 'second', value: seconds % 60 },
  ] as const;
  const first = parts.findIndex(({ value }) => value > 0);
  if (first < 0) return unit('second', 0);
  return parts
    .slice(first, first + 2)
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => unit(name, value))
    .join(' ');
}
