import * as l10n from '@vscode/l10n';
import { verdict } from '../documents/migrationSummary.ts';
import { sentence } from '../feedback/failureWords.ts';
import type { Message } from '../platform/prompts.ts';
import type { PhaseChange } from './migrationList.ts';

/**
 * The one message about a migration that came to its end, or that a person must look at. Only the window that drove it
 * says so, and nothing is said of what the user asked for: a pause, a cancellation.
 */
export function noticeOf({ state, before, wasDrivenHere }: PhaseChange): Message<'summary' | 'open'> | undefined {
  const { overview } = state;
  // A migration that is only now looked at did not come to its end here.
  if (before === undefined || !wasDrivenHere) return undefined;
  const summary = { id: 'summary' as const, label: l10n.t('Open Summary') };
  const open = { id: 'open' as const, label: l10n.t('Open Migration') };
  if (overview.phase === 'complete') {
    return {
      id: 'migration.complete',
      severity: 'info',
      text: l10n.t('"{0}" is complete. {1}', overview.name, verdict(overview)),
      buttons: [summary, open],
    };
  }
  if (overview.phase === 'syncing' && before === 'finishing' && overview.finish?.state === 'written') {
    return {
      id: 'migration.written',
      severity: 'warning',
      text: l10n.t(
        '"{0}": its source was written after you stopped the writes. It goes on in sync; stop all writes, then finish again.',
        overview.name,
      ),
      buttons: [open],
    };
  }
  if (overview.phase === 'needsAttention') {
    const [first] = overview.attention;
    return {
      id: 'migration.needsAttention',
      severity: 'warning',
      text: l10n.t(
        '"{0}" needs attention. {1}',
        overview.name,
        first === undefined ? verdict(overview) : sentence(first.failure),
      ),
      buttons: [open, summary],
    };
  }
  return undefined;
}
