import { FailureError } from '../failure/failure.ts';
import type { StorageAccess } from './storageClient.ts';

/** Ends with a failure when the account gives the same continuation twice. */
export async function* unrepeated<Page extends { readonly continuationToken?: string }>(
  storage: StorageAccess,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  const seen = new Set<string>();
  for await (const page of pages) {
    yield page;
    const { continuationToken: next } = page;
    if (next === undefined || next === '') continue;
    if (seen.has(next))
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message: `The list of ${storage.account.name} does not come to an end.`,
        service: storage.account.name,
      });
    seen.add(next);
  }
}
