import { type Failure, FailureError } from '../../failure/failure.ts';

/**
 * What became of many writes, also when the user stopped them: what was told until then, and each of the others as not
 * seen to be written.
 * @param write tells each result as soon as it is known
 * @param rest makes the results of what was not told
 */
export async function untilStopped<T>(
  service: string,
  write: (told: (one: T) => void) => Promise<readonly T[]>,
  rest: (told: readonly T[], failure: Failure) => readonly T[],
): Promise<readonly T[]> {
  const told: T[] = [];
  try {
    return await write((one) => told.push(one));
  } catch (error) {
    if (!FailureError.is(error, 'cancelled') || told.length === 0) throw error;
    const failure: Failure = {
      kind: 'cancelled',
      message: 'It was stopped before this was seen to be written.',
      service,
      nextStep: 'Compare both services again to see what is there, then copy the rest.',
    };
    return [...told, ...rest(told, failure)];
  }
}
