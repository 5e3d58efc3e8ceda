import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { calendarSchema, type Calendar } from '../../engine/calendar/calendarSchema.ts';
import { hoursText, readHours } from '../../engine/calendar/hoursText.ts';
import { back, type Answer, type Prompts } from '../platform/prompts.ts';
import { runSteps, type Step } from './steps.ts';

/** What a calendar of hours of one's own is asked for. */
interface Hours {
  readonly kind?: 'always' | 'exports' | 'both' | 'own';
  readonly exports?: string;
  readonly imports?: string;
  readonly timeZone?: string;
  readonly running?: Calendar['running'];
}

/** Nights and weekends of an office. */
const nights = 'mon-thu 18:00-06:00, fri 18:00-24:00, sat-sun, mon 00:00-06:00';

/**
 * Asks when exports and imports may start. Null: at any time; `back` from the first question.
 * @param id first part of the ids of the questions
 * @param now the calendar in force
 * @param timeZone that of this machine
 */
export async function askForCalendar(
  prompts: Prompts,
  { id, title }: { readonly id: string; readonly title: string },
  now: Calendar | undefined,
  timeZone: string,
): Promise<Answer<Calendar | null>> {
  const first = { left: false };
  const question = (name: string) => ({ id: `${id}.${name}`, title, canGoBack: true });
  const hoursStep = (name: 'exports' | 'imports', prompt: string): Step<Hours> => ({
    id: name,
    needed: ({ kind }) => kind === 'own',
    ask: async (answers) => {
      const typed = await prompts.input({
        ...question(name),
        prompt,
        value: answers[name] ?? hoursText(now?.[name] ?? []),
        problem: hoursProblem,
      });
      return typed === undefined || typed === back ? typed : { [name]: typed };
    },
  });
  const steps: readonly Step<Hours>[] = [
    {
      id: 'kind',
      ask: async (answers) => {
        const kind = await prompts.pick({
          ...question('calendar'),
          placeholder: l10n.t('When may exports and imports start? Times of {0}', now?.timeZone ?? timeZone),
          choices: kindChoices(answers.kind ?? kindOf(now)),
        });
        first.left = kind === back;
        // A way back out of the first question leads to the question before this one.
        return kind === undefined || kind === back ? undefined : { kind };
      },
    },
    hoursStep(
      'exports',
      l10n.t('Hours in which exports may start, for example 18:00-06:00, sat-sun. Empty: at any time'),
    ),
    hoursStep(
      'imports',
      l10n.t('Hours in which imports may start, for example 18:00-06:00, sat-sun. Empty: at any time'),
    ),
    {
      id: 'timeZone',
      needed: ({ kind, exports = '', imports = '' }) => kind === 'own' && `${exports}${imports}`.trim() !== '',
      ask: async (answers) => {
        const typed = await prompts.input({
          ...question('timeZone'),
          prompt: l10n.t('By the clock of which time zone? Its IANA name'),
          value: answers.timeZone ?? now?.timeZone ?? timeZone,
          problem: (text) => v.safeParse(calendarSchema, { timeZone: text.trim() }).issues?.[0].message,
        });
        return typed === undefined || typed === back ? typed : { timeZone: typed.trim() };
      },
    },
    {
      id: 'running',
      needed: ({ kind, exports = '', imports = '' }) =>
        kind !== 'always' && (kind !== 'own' || `${exports}${imports}`.trim() !== ''),
      ask: async (answers) => {
        const running = await prompts.pick({
          ...question('running'),
          placeholder: l10n.t('What becomes of what still runs when its time is over?'),
          choices: runningChoices(answers.running ?? now?.running ?? 'drain'),
        });
        return running === undefined || running === back ? running : { running };
      },
    },
  ];
  const answers = await runSteps<Hours>(steps, {});
  if (first.left) return back;
  return answers === undefined ? undefined : calendarOf(answers, now?.timeZone ?? timeZone);
}

function calendarOf({ kind, exports = '', imports = '', timeZone, running }: Hours, zone: string): Calendar | null {
  const own = kind === 'own';
  const exporting = readHours(own ? exports : kind === 'always' ? '' : nights).periods;
  const importing = readHours(own ? imports : kind === 'both' ? nights : '').periods;
  if (exporting === undefined && importing === undefined) return null;
  return {
    timeZone: timeZone ?? zone,
    ...(exporting === undefined ? {} : { exports: exporting }),
    ...(importing === undefined ? {} : { imports: importing }),
    running: running ?? 'drain',
  };
}

function hoursProblem(text: string): string | undefined {
  const { wrong } = readHours(text);
  return wrong === undefined
    ? undefined
    : l10n.t('"{0}" is neither hours such as 18:00-06:00 nor days such as mon-thu nor both.', wrong);
}

function kindOf(now: Calendar | undefined): NonNullable<Hours['kind']> {
  if (now === undefined) return 'always';
  const usual = hoursText(readHours(nights).periods ?? []);
  const is = (kind: 'exports' | 'imports'): boolean => hoursText(now[kind] ?? []) === usual;
  if (!is('exports')) return 'own';
  if (now.imports === undefined) return 'exports';
  return is('imports') ? 'both' : 'own';
}

function kindChoices(preset: NonNullable<Hours['kind']>) {
  const choices = [
    { label: l10n.t('At any time'), value: 'always' },
    {
      label: l10n.t('Exports outside office hours'),
      detail: l10n.t('From 18:00 to 06:00 and on weekends; imports at any time'),
      value: 'exports',
    },
    {
      label: l10n.t('Exports and imports outside office hours'),
      detail: l10n.t('From 18:00 to 06:00 and on weekends'),
      value: 'both',
    },
    {
      label: l10n.t('At other hours…'),
      detail: l10n.t('Days and hours of your own, each for exports and imports'),
      value: 'own',
    },
  ] as const;
  return choices.map((choice) => ({ ...choice, picked: choice.value === preset }));
}

function runningChoices(preset: Calendar['running']) {
  const choices = [
    { label: l10n.t('It is left to finish'), value: 'drain' },
    {
      label: l10n.t('It is cancelled'),
      detail: l10n.t('Cancelled on its service, and done again when its time comes'),
      value: 'cancel',
    },
  ] as const;
  return choices.map((choice) => ({ ...choice, picked: choice.value === preset }));
}
