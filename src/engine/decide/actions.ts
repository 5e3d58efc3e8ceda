import type { JournalEvent, PartRef, RoundPurpose } from '../events.ts';
import type { OperationId, WindowId } from '../ids.ts';
import type { AbandonedExport } from '../state/state.ts';

/** What the runner is to do now. Nothing else is ever done to the outside. */
export type Action =
  /** Facts that follow from the state alone. */
  | { readonly kind: 'record'; readonly event: JournalEvent }
  | { readonly kind: 'probe' }
  | { readonly kind: 'proveDeidentification' }
  | { readonly kind: 'cancelProbe' }
  | { readonly kind: 'copySearchParameters' }
  | { readonly kind: 'copyStagedSearchParameters'; readonly window: WindowId }
  | { readonly kind: 'openRound'; readonly round: number; readonly purpose?: RoundPurpose }
  | { readonly kind: 'planWindow'; readonly round: number }
  | { readonly kind: 'startExport'; readonly window: WindowId }
  | { readonly kind: 'findExport'; readonly operation: OperationId }
  | { readonly kind: 'pollExport'; readonly operation: OperationId }
  | { readonly kind: 'findOrphans'; readonly abandoned: AbandonedExport }
  | { readonly kind: 'startImport'; readonly parts: readonly PartRef[] }
  /** Sends the same body again after a lost or refused answer. */
  | { readonly kind: 'repeatImport'; readonly operation: OperationId }
  | { readonly kind: 'pollImport'; readonly operation: OperationId }
  | { readonly kind: 'judgeImport'; readonly operation: OperationId }
  /** Looks at the failed lines of a window once more. */
  | { readonly kind: 'judgeLines'; readonly window: WindowId }
  | { readonly kind: 'cancelOperation'; readonly operation: OperationId; readonly again: boolean }
  /** Counts a window on both services. */
  | { readonly kind: 'verifyWindow'; readonly window: WindowId }
  | { readonly kind: 'checkQuiet' }
  | { readonly kind: 'compareCounts' }
  | { readonly kind: 'locateDifferences' };

/** Names an action by what it is about: two actions of the same key never run at once. */
export function actionKey(action: Action): string {
  if ('operation' in action) return `operation:${action.operation}`;
  switch (action.kind) {
    case 'record':
      return `record:${action.event.kind}`;
    case 'openRound':
    case 'planWindow':
      return `plan:${action.round}`;
    case 'startExport':
      return `window:${action.window}`;
    case 'findOrphans':
      return `orphans:${action.abandoned.id}`;
    case 'startImport':
      return `parts:${action.parts.map((part) => `${part.window}/${part.part}`).join(',')}`;
    default:
      return 'window' in action ? `${action.kind}:${action.window}` : action.kind;
  }
}

/** An action whose request starts something on a server: stopping waits for its answer. */
export function startsSomething(action: Action): boolean {
  return action.kind === 'startExport' || action.kind === 'startImport' || action.kind === 'repeatImport';
}
