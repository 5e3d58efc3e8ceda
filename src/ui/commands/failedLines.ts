import * as vscode from 'vscode';
import type { WindowOverview } from '../../engine/overview.ts';
import type { FailedLine } from '../../engine/run/failedLines.ts';
import { FailureError } from '../../failure/failure.ts';
import { failedLinesMarkdown } from '../documents/failedLinesReport.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { formatCount } from '../words/format.ts';
import { askForMigration, left } from './askFor.ts';
import { migrationIdOf, nodeOf } from './selection.ts';

/** What a button of the panel or of a report names. */
interface Target {
  readonly migration: string;
  readonly window: string | undefined;
}

/** Lists the lines that imports refused and that the target does not hold, with buttons to decide about them. */
export async function showFailedLines(ui: Ui, clicked: unknown): Promise<void> {
  const title = vscode.l10n.t('Show Failed Lines');
  const { migration, window } = await targetOf(ui, clicked, title);
  const { handle, state } = await opened(ui, migration);
  await ui.signIn.ensureFor(state.overview.plan, new AbortController().signal);
  const only = state.overview.windows.find(({ id }) => id === window)?.id;
  const lines: FailedLine[] = [];
  await withProgress('notification', vscode.l10n.t('Reading error files'), async (signal, say) => {
    for await (const line of handle.failedLines(only, signal)) {
      lines.push(line);
      if (lines.length % 100 === 0) say(vscode.l10n.t('{0} lines', formatCount(lines.length)));
    }
  });
  const name = vscode.l10n.t('Failed lines of {0}', state.overview.name);
  const isOpen = lines.some(({ accepted }) => !accepted);
  // The target got since, from elsewhere, what an import refused.
  const isCounted = lines.length === 0 && state.overview.windows.some(({ failed }) => failed > 0);
  const uri = ui.documents.create('reports', name, 'md', failedLinesMarkdown(state.overview.name, window, lines), [
    ...(isOpen || isCounted
      ? [
          {
            title: isOpen ? vscode.l10n.t('Retry These Lines') : vscode.l10n.t('Retry'),
            command: 'fhirMigration.retry',
            arguments: [migration],
          },
        ]
      : []),
    ...(isOpen
      ? [
          {
            title: vscode.l10n.t('Accept…'),
            command: 'fhirMigration.acceptFailedLines',
            arguments: [{ migration, window }],
          },
        ]
      : []),
  ]);
  await ui.documents.show(uri);
}

/** Leaves the failed lines of a window behind, with a reason that the journal keeps. */
export async function acceptFailedLines(ui: Ui, clicked: unknown): Promise<void> {
  const title = vscode.l10n.t('Accept Failed Lines');
  const target = await targetOf(ui, clicked, title);
  const { handle, state } = await opened(ui, target.migration);
  const window = await windowOf(ui, state, target.window, title);
  const because = await ui.prompts.input({
    id: 'acceptFailedLines.reason',
    title,
    prompt: vscode.l10n.t(
      'Why may {0} lines of window {1} be left behind? The journal keeps it: name no patients.',
      formatCount(window.failed),
      window.id,
    ),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('Give a reason.') : undefined),
  });
  if (because === undefined || because === back) throw left();
  const answer = await ui.prompts.message({
    id: 'acceptFailedLines.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Leave {0} lines of window {1} behind?', formatCount(window.failed), window.id),
    detail: vscode.l10n.t(
      'They will not be on {0}. The window then counts as done. The journal keeps their number, their reasons, a digest of which they are, and: {1}',
      state.overview.plan.target.name,
      because.trim(),
    ),
    buttons: [{ id: 'accept', label: vscode.l10n.t('Accept Lines') }],
  });
  if (answer !== 'accept') throw left();
  await ui.signIn.ensureFor(state.overview.plan, new AbortController().signal);
  await withProgress('notification', title, (signal) => handle.acceptLines(window.id, because, signal));
  ui.log.info('Failed lines accepted', { migration: target.migration, window: window.id, lines: window.failed });
  // Nothing else may stand between this decision and the end.
  if (state.overview.phase === 'needsAttention') await handle.control('resume');
}

async function targetOf(ui: Ui, clicked: unknown, title: string): Promise<Target> {
  if (typeof clicked === 'object' && clicked !== null && 'migration' in clicked) {
    const { migration, window } = clicked as { readonly migration: unknown; readonly window?: unknown };
    if (typeof migration === 'string') return { migration, window: typeof window === 'string' ? window : undefined };
  }
  const item = nodeOf(clicked)?.item as { readonly about?: { readonly window?: string } } | undefined;
  const fits = ({ overview }: MigrationState): boolean => overview.windows.some(hasFailed);
  const migration = migrationIdOf(clicked) ?? (await askForMigration(ui, 'failedLines', title, fits));
  return { migration, window: item?.about?.window };
}

async function opened(ui: Ui, migration: string) {
  await ui.migrations.open(migration);
  const handle = ui.migrations.handle(migration);
  const state = ui.migrations.state(migration);
  if (handle === undefined || state === undefined)
    throw new FailureError({ kind: 'journal', message: vscode.l10n.t('The migration is no longer there.') });
  return { handle, state };
}

const hasFailed = ({ failed }: WindowOverview): boolean => failed > 0;

async function windowOf(
  ui: Ui,
  { overview }: MigrationState,
  named: string | undefined,
  title: string,
): Promise<WindowOverview> {
  const open = overview.windows.filter(hasFailed);
  const [only, ...others] = named === undefined ? open : open.filter(({ id }) => id === named);
  if (only === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('No window has failed lines that are open.'),
    });
  if (others.length === 0) return only;
  const answer = await ui.prompts.pick({
    id: 'acceptFailedLines.window',
    title,
    choices: open.map((window) => ({
      label: vscode.l10n.t('Window {0}', window.id),
      description: vscode.l10n.t('{0} lines', formatCount(window.failed)),
      value: window,
    })),
  });
  if (answer === undefined || answer === back) throw left();
  return answer;
}
