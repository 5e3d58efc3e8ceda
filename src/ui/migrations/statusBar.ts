import * as l10n from '@vscode/l10n';
import { plainLabel } from '../words/serverText.ts';
import { isMoving, percentDone, phaseName, progressWords } from '../words/migrationWords.ts';
import { isAbandoned } from './controls.ts';
import type { MigrationState } from './migrationState.ts';

/** What the one status bar item shows. */
export interface StatusBarData {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  /** A person must act: warning background. */
  readonly attention: boolean;
  /** The migration that a click opens; undefined: the list of migrations. */
  readonly migration: string | undefined;
}

/** The item for these migrations; undefined, and no item, when nothing runs and nothing needs a person. */
export function statusBarData(states: readonly MigrationState[]): StatusBarData | undefined {
  const waiting = states.filter(({ overview }) => overview.phase === 'needsAttention');
  const running = states.filter(
    (state) => isMoving(state.overview.phase) && !isAbandoned(state.overview, state.driven),
  );
  const shown = [...waiting, ...running];
  if (shown.length === 0) return undefined;
  const lines = shown.map(({ overview }) =>
    [`${overview.name}: ${phaseName(overview.phase)}`, progressWords(overview), overview.waiting]
      .filter((part) => part !== undefined && part !== '')
      .join(', '),
  );
  const only = shown.length === 1 ? shown[0]?.overview.id : undefined;
  const summary =
    waiting.length > 0
      ? waiting.length === 1
        ? l10n.t('FHIR: 1 migration needs attention')
        : l10n.t('FHIR: {0} migrations need attention', waiting.length)
      : runningText(running);
  // All of them wait for a time, of the calendar or of a service: nothing spins, and the tooltip says for what.
  const rests = running.every(({ overview }) => overview.waiting !== undefined);
  return {
    text: `${waiting.length > 0 ? '$(warning)' : rests ? '$(clock)' : '$(sync~spin)'} ${plainLabel(summary)}`,
    tooltip: lines.map(plainLabel).join('\n'),
    accessibleLabel: [summary, ...lines].join('. '),
    attention: waiting.length > 0,
    migration: only,
  };
}

function runningText(running: readonly MigrationState[]): string {
  const [first] = running;
  if (running.length > 1) return l10n.t('FHIR: {0} migrations', running.length);
  if (first === undefined) return 'FHIR';
  const percent = percentDone(first.overview);
  return percent === undefined
    ? l10n.t('FHIR {0}', progressWords(first.overview) || phaseName(first.overview.phase))
    : l10n.t('FHIR {0} %', percent);
}
