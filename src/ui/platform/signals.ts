import * as vscode from 'vscode';

/** The signal of a cancellation token; dispose it when the work is done. */
export function toSignal(token: vscode.CancellationToken): { readonly signal: AbortSignal; dispose(): void } {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  const link = token.onCancellationRequested(() => abort.abort());
  return {
    signal: abort.signal,
    dispose: () => {
      link.dispose();
    },
  };
}

/** Where the progress of some work is shown: a notification that can be cancelled, or the bar of one of our views. */
export type ProgressPlace = 'notification' | 'fhirMigration.services' | 'fhirMigration.migrations';

/** Runs work with progress. `say` changes the line below the title. */
export async function withProgress<T>(
  place: ProgressPlace,
  title: string,
  work: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T> {
  const inNotification = place === 'notification';
  const options: vscode.ProgressOptions = {
    location: inNotification ? vscode.ProgressLocation.Notification : { viewId: place },
    title,
    cancellable: inNotification,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancellation = toSignal(token);
    try {
      return await work(cancellation.signal, (message) => progress.report({ message }));
    } finally {
      cancellation.dispose();
    }
  });
}
