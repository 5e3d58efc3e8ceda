import * as vscode from 'vscode';
import { atTheEnd } from '../commands/command.ts';
import { journalPath, summaryPath } from '../documents/documentStore.ts';
import type { EditorDocuments } from '../documents/editorDocuments.ts';
import type { MigrationList, PhaseChange } from '../migrations/migrationList.ts';
import { noticeOf } from '../migrations/notices.ts';
import type { UnfinishedMarkers } from '../migrations/unfinished.ts';
import type { Prompts } from '../platform/prompts.ts';
import { Owner, type Disposable } from '../platform/owner.ts';
import { Throttle } from '../platform/throttle.ts';
import { isMoving } from '../words/migrationWords.ts';

/** Open journals and summaries are read again at most this often. */
const documentsMs = 1000;

/** What follows from the progress of migrations: the one message at the end, marks for the next start, open documents. */
export function followMigrations(
  migrations: MigrationList,
  markers: UnfinishedMarkers,
  documents: EditorDocuments,
  prompts: () => Prompts,
): Disposable {
  const owner = new Owner();
  owner.onDispose(
    migrations.onPhase((change) => {
      mark(markers, change);
      void notify(prompts(), change);
    }),
  );
  const refresh = owner.add(
    new Throttle(documentsMs, () => {
      for (const { overview } of migrations.states ?? []) {
        documents.touch(journalPath(overview.id));
        documents.touch(summaryPath(overview.id));
      }
    }),
  );
  owner.onDispose(migrations.onChange(() => refresh.request()));
  return owner;
}

function mark(markers: UnfinishedMarkers, { state, wasDrivenHere }: PhaseChange): void {
  const { overview } = state;
  const { id, name, plan } = overview;
  if (!isMoving(overview.phase)) void markers.clear(id);
  else if (wasDrivenHere) void markers.set({ id, name, source: plan.source.name, target: plan.target.name });
}

async function notify(prompts: Prompts, change: PhaseChange): Promise<void> {
  const notice = noticeOf(change);
  if (notice === undefined) return;
  // Whoever changed settings for the migration is asked whether they shall be as before.
  if (change.state.overview.phase === 'complete')
    void vscode.commands.executeCommand('fhirMigration.undoChanges', change.state.overview.id, atTheEnd);
  const answer = await prompts.message(notice);
  const command = answer === 'summary' ? 'fhirMigration.openSummary' : 'fhirMigration.openMigration';
  if (answer !== undefined) await vscode.commands.executeCommand(command, change.state.overview.id);
}
