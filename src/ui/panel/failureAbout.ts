import type { MigrationOverview } from '../../engine/overview.ts';
import type { Failure } from '../../failure/failure.ts';
import type { About } from '../../../webview/protocol.ts';

/** The failure of a window or an operation; without either, the first that needs a person. */
export function failureAbout(overview: MigrationOverview, about: About | undefined): Failure | undefined {
  const item = overview.attention.find(
    (candidate) =>
      (about?.window === undefined || candidate.about.window === about.window) &&
      (about?.operation === undefined || candidate.about.operation === about.operation),
  );
  if (item !== undefined) return item.failure;
  return about?.window === undefined ? undefined : overview.windows.find(({ id }) => id === about.window)?.failure;
}
