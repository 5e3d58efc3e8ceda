import { openService, openSource } from './openSides.ts';
import type { BothTexts, ReadBothRequest } from './verification.ts';
import type { VerifySurroundings } from './verify.ts';

/**
 * Texts of one resource on both sides; undefined where there is none. They are for the screen: nothing keeps them.
 * @throws FailureError when a service does not answer
 */
export async function readBoth(
  { source, target, migration, type, id }: ReadBothRequest,
  around: VerifySurroundings,
  signal: AbortSignal,
): Promise<BothTexts> {
  const proved = migration === undefined ? undefined : await around.overviewOf(migration);
  const [from, to] = await Promise.all([
    openSource(source, proved, around, signal),
    around.clients.of(target, signal).then((client) => openService(client, signal)),
  ]);
  const [onSource, onTarget] = await Promise.all([from.side.text(type, id, signal), to.side.text(type, id, signal)]);
  return { source: onSource, target: onTarget };
}
