import * as l10n from '@vscode/l10n';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { resourceTypesOf } from '../../compare/capabilityStatement.ts';
import type { Calendar } from '../../engine/calendar/calendarSchema.ts';
import type { PlanInput } from '../../engine/plan.ts';
import type { LastChoices } from '../platform/memory.ts';
import { back, type ChoiceStream, type Prompts } from '../platform/prompts.ts';
import { askForCalendar } from './calendarQuestions.ts';
import { stagingChoices, stagingProblem } from './stagingChoices.ts';
import { endingChoices, type Ending } from './endingChoices.ts';
import {
  boundProblem,
  filtersOf,
  filtersProblem,
  nameProblem,
  tillProblem,
  typesOf,
  typesProblem,
} from './scopeInput.ts';
import { runSteps, type Step, type StepPlace } from './steps.ts';
import { targetChoices } from './targets.ts';
import { wayChoices, whatChoices, type Way } from './wayChoices.ts';

/** Everything that the flow asks for. */
export interface MigrateAnswers {
  readonly target?: DiscoveredService;
  /** Name or resource id of the staging account. */
  readonly staging?: string;
  /** The account is typed in. */
  readonly typesStaging?: boolean;
  readonly what?: 'everything' | 'types' | 'range';
  readonly types?: readonly string[];
  readonly since?: string | undefined;
  readonly till?: string | undefined;
  readonly ways?: readonly Way[];
  /** Searches that resources must fit, each with its type. */
  readonly filters?: readonly string[];
  /** Null: at any time. */
  readonly calendar?: Calendar | null;
  readonly ending?: Ending;
  readonly name?: string;
  /** Address of the folder for the plan file; `ask`: chosen in a dialog. */
  readonly folder?: string;
}

/** All of them answered. */
export type CompleteAnswers = MigrateAnswers &
  Required<Pick<MigrateAnswers, 'target' | 'staging' | 'what' | 'ways' | 'name' | 'folder'>>;

/** What the flow knows and asks of the outside. */
export interface MigrateFlowPorts {
  readonly prompts: Prompts;
  /** Services as they become known. */
  readonly services: (show: (services: readonly DiscoveredService[], busy: boolean) => void) => () => void;
  /** Text of the source's CapabilityStatement. */
  readonly metadata: () => Promise<string>;
  readonly last: LastChoices;
  /** Folders of the workspace, as places for the plan file. */
  readonly folders: readonly { readonly name: string; readonly address: string }[];
}

/** Asks for target, staging account, what to move and a name. Undefined when the user left. */
export async function askForMigration(
  source: DiscoveredService,
  ports: MigrateFlowPorts,
): Promise<CompleteAnswers | undefined> {
  const answers = await runSteps<MigrateAnswers>(
    stepsFor(source, ports),
    ports.folders.length === 0 ? { folder: 'ask' } : {},
  );
  return answers !== undefined && isComplete(answers) ? answers : undefined;
}

function isComplete(answers: MigrateAnswers): answers is CompleteAnswers {
  const { target, staging, what, ways, name, folder } = answers;
  return [target, staging, what, ways, name, folder].every((answer) => answer !== undefined);
}

/** The part of the plan that says what is moved. */
export function scopeOf(answers: CompleteAnswers): NonNullable<PlanInput['scope']> {
  const { what, ways, filters } = answers;
  const typeFilters = what === 'types' && ways.includes('filtered') ? filters : undefined;
  return {
    ...(answers.what === 'types' && answers.types !== undefined ? { resourceTypes: [...answers.types] } : {}),
    ...(answers.what === 'range' && answers.since !== undefined ? { since: answers.since } : {}),
    ...(answers.what === 'range' && answers.till !== undefined ? { till: answers.till } : {}),
    // Sources refuse filters together with either.
    history: ways.includes('history') && typeFilters === undefined,
    softDeleted: ways.includes('softDeleted') && typeFilters === undefined,
    ...(typeFilters === undefined ? {} : { typeFilters: [...typeFilters] }),
  };
}

function stepsFor(source: DiscoveredService, ports: MigrateFlowPorts): readonly Step<MigrateAnswers>[] {
  const { prompts, last } = ports;
  const question = (id: string, place: StepPlace): { id: string; title: string } & StepPlace => ({
    id: `migrate.${id}`,
    title: l10n.t('Migrate {0}', source.name),
    ...place,
  });
  return [
    {
      id: 'target',
      ask: async (answers, place) => {
        const preset = answers.target?.id ?? last.targetOf[source.id];
        const choices: ChoiceStream<DiscoveredService> = (show) =>
          ports.services((services, busy) => show(targetChoices(source, services, preset), busy));
        const placeholder = l10n.t('Which service takes the data?');
        const nothing = (): string => l10n.t('No FHIR service is known that could take the data.');
        const target = await prompts.pick({ ...question('target', place), placeholder, choices, nothing });
        return target === undefined || target === back ? target : { target };
      },
    },
    {
      id: 'staging',
      ask: async (answers, place) => {
        if (answers.target === undefined) return undefined;
        const preset = answers.staging ?? last.stagingOf[source.id];
        const choice = await prompts.pick({
          ...question('staging', place),
          placeholder: l10n.t('Through which storage account does the data go?'),
          choices: stagingChoices(source, answers.target, preset),
        });
        if (choice === undefined || choice === back) return choice;
        return choice.kind === 'account' ? { staging: choice.name, typesStaging: false } : { typesStaging: true };
      },
    },
    {
      id: 'otherStaging',
      needed: ({ typesStaging }) => typesStaging === true,
      ask: async (answers, place) => {
        const typed = await prompts.input({
          ...question('otherStaging', place),
          prompt: l10n.t('Name or resource id of the storage account'),
          value: answers.staging ?? '',
          problem: stagingProblem,
        });
        return typed === undefined || typed === back ? typed : { staging: typed.trim() };
      },
    },
    {
      id: 'what',
      ask: async (answers, place) => {
        const what = await prompts.pick({
          ...question('what', place),
          placeholder: l10n.t('What is moved?'),
          choices: whatChoices(answers.what ?? last.what ?? 'everything'),
        });
        return what === undefined || what === back ? what : { what };
      },
    },
    {
      id: 'types',
      needed: ({ what }) => what === 'types',
      ask: (answers, place) => askForTypes(ports, answers.types ?? last.types, question('types', place)),
    },
    {
      id: 'since',
      needed: ({ what }) => what === 'range',
      ask: async (answers, place) => {
        const typed = await prompts.input({
          ...question('since', place),
          prompt: l10n.t('Move what changed at or after this date (empty: from the first resource)'),
          value: answers.since ?? '',
          problem: boundProblem,
        });
        if (typed === undefined || typed === back) return typed;
        return { since: typed.trim() === '' ? undefined : typed.trim() };
      },
    },
    {
      id: 'till',
      needed: ({ what }) => what === 'range',
      ask: async (answers, place) => {
        const typed = await prompts.input({
          ...question('till', place),
          prompt: l10n.t('Move what changed before this date (empty: up to now)'),
          value: answers.till ?? '',
          problem: (text) => tillProblem(answers.since, text),
        });
        if (typed === undefined || typed === back) return typed;
        return { till: typed.trim() === '' ? undefined : typed.trim() };
      },
    },
    {
      id: 'versions',
      ask: async (answers, place) => {
        const usual: readonly Way[] = [
          ...(last.history ? (['history'] as const) : []),
          ...(last.softDeleted ? (['softDeleted'] as const) : []),
        ];
        const chosen = await prompts.pickMany({
          ...question('versions', place),
          placeholder: l10n.t('Which versions go along, and how?'),
          choices: wayChoices(answers, answers.ways ?? usual),
        });
        return chosen === undefined || chosen === back ? chosen : { ways: chosen };
      },
    },
    {
      id: 'filters',
      needed: ({ what, ways }) => what === 'types' && ways?.includes('filtered') === true,
      ask: async ({ filters = [], types = [] }, place) => {
        const typed = await prompts.input({
          ...question('filters', place),
          prompt: l10n.t('Searches, separated by spaces; types without one come whole'),
          value: filters.length > 0 ? filters.join(' ') : `${types[0] ?? ''}?`,
          problem: (text) => filtersProblem(text, types),
        });
        return typed === undefined || typed === back ? typed : { filters: filtersOf(typed) };
      },
    },
    {
      id: 'hours',
      needed: ({ ways }) => ways?.includes('timed') === true,
      ask: async (answers) => {
        const { id, title } = { id: 'migrate', title: l10n.t('Migrate {0}', source.name) };
        const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
        const calendar = await askForCalendar(prompts, { id, title }, answers.calendar ?? undefined, timeZone);
        return calendar === undefined || calendar === back ? calendar : { calendar };
      },
    },
    {
      id: 'ending',
      // What ends at a date in the past ends by itself.
      needed: ({ what, till }) => what !== 'range' || till === undefined,
      ask: async (answers, place) => {
        const ending = await prompts.pick({
          ...question('ending', place),
          placeholder: l10n.t('And when everything is moved?'),
          choices: endingChoices(answers.ending ?? last.ending ?? 'end'),
        });
        return ending === undefined || ending === back ? ending : { ending };
      },
    },
    {
      id: 'name',
      ask: async (answers, place) => {
        const proposal = `${source.name} to ${answers.target?.name ?? ''}`.slice(0, 120);
        const typed = await prompts.input({
          ...question('name', place),
          prompt: l10n.t('Name of the migration and of its plan file'),
          value: answers.name ?? proposal,
          problem: nameProblem,
        });
        return typed === undefined || typed === back ? typed : { name: typed.trim() };
      },
    },
    {
      id: 'folder',
      needed: () => ports.folders.length > 0,
      ask: async (answers, place) => {
        const preset = answers.folder ?? last.folder ?? ports.folders[0]?.address;
        const folder = await prompts.pick({
          ...question('folder', place),
          placeholder: l10n.t('Where is the plan file kept?'),
          choices: [
            ...ports.folders.map(({ name, address }) => ({
              label: name,
              icon: 'folder',
              value: address,
              picked: address === preset,
            })),
            { label: l10n.t('Another place…'), icon: 'folder-opened', value: 'ask', picked: preset === 'ask' },
          ],
        });
        return folder === undefined || folder === back ? folder : { folder };
      },
    },
  ];
}

async function askForTypes(
  { prompts, metadata }: MigrateFlowPorts,
  preset: readonly string[],
  question: { id: string; title: string } & StepPlace,
): ReturnType<Step<MigrateAnswers>['ask']> {
  // A source that does not tell its types can still be migrated: the types are typed then.
  const known = await metadata().then(resourceTypesOf, () => []);
  const offered = known.filter((type) => type !== 'SearchParameter');
  if (offered.length === 0) {
    const typed = await prompts.input({
      ...question,
      prompt: l10n.t('Resource types, separated by commas'),
      value: preset.join(', '),
      problem: typesProblem,
    });
    return typed === undefined || typed === back ? typed : { types: typesOf(typed) };
  }
  for (;;) {
    const chosen = await prompts.pickMany({
      ...question,
      placeholder: l10n.t('Which resource types? At least one.'),
      choices: offered.map((type) => ({ label: type, value: type, picked: preset.includes(type) })),
    });
    if (chosen === undefined || chosen === back) return chosen;
    if (chosen.length > 0) return { types: chosen };
  }
}
