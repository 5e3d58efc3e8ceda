import type { Failure } from '../../failure/failure.ts';

/**
 * The failure of an import in words that say what is wrong with the data, where no other attempt can help; undefined:
 * another may. A target has room for about 80,000 versions of one millisecond (fhir-server: ImportProcessingJob, advised
 * are 10,000).
 */
export function hopeless(failure: Failure): Failure | undefined {
  const words = [failure.message, ...(failure.diagnostics ?? [])].join(' ');
  if (!/unable to generate internal ids/i.test(words)) return undefined;
  return {
    ...failure,
    message:
      'The window holds more resources with one and the same meta.lastUpdated, to the millisecond, than a target can store.',
    diagnostics: failure.diagnostics ?? [failure.message],
    nextStep:
      'Update part of these resources on the source, which gives them other dates (10,000 in one millisecond are safe), catch up, then retry the window.',
  };
}
