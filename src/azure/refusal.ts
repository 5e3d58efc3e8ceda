import * as v from 'valibot';

/** `future`: the line's date lies ahead of the server's clock. */
export type RefusalReason =
  'duplicate' | 'conflict' | 'invalid' | 'tooLarge' | 'searchParameter' | 'future' | 'unknown';

/** What one line of an import's error file says (fhir-server: ImportErrorSerializer). */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Only duplicates and conflicts name it. */
  readonly id: string | undefined;
  /** Number of the line in its work unit, from 1, and the unit's byte offset in the input. */
  readonly place: { readonly line: number; readonly offset: number } | undefined;
}

const schema = v.object({
  resourceType: v.literal('OperationOutcome'),
  issue: v.pipe(
    v.array(
      v.object({
        details: v.optional(v.object({ text: v.optional(v.string()) })),
        diagnostics: v.optional(v.string()),
      }),
    ),
    v.minLength(1),
  ),
});

const unknown: Refusal = { reason: 'unknown', id: undefined, place: undefined };

/** Reads one line of an error file; a line that is not one of the server's gives `unknown`. */
export function readRefusal(text: string): Refusal {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unknown;
  }
  const read = v.safeParse(schema, json);
  const issue = read.success ? read.output.issue[0] : undefined;
  if (issue === undefined) return unknown;
  const words = issue.details?.text ?? '';
  return {
    reason: reasonOf(words),
    id: /\bresource id: ([A-Za-z0-9.-]{1,64}), line:/.exec(words)?.[1],
    place: placeOf(issue.diagnostics ?? ''),
  };
}

function reasonOf(words: string): RefusalReason {
  if (words === '') return 'unknown';
  if (/import duplicate resource/i.test(words)) return 'duplicate';
  if (/version conflict/i.test(words)) return 'conflict';
  if (/SearchParameter resources cannot be processed/i.test(words)) return 'searchParameter';
  if (/lastUpdated .*cannot be in the future/i.test(words)) return 'future';
  if (/\btoo (?:large|long|big)\b|exceed\w* the (?:maximum|limit)|maximum (?:size|length)/i.test(words))
    return 'tooLarge';
  return 'invalid';
}

function placeOf(diagnostics: string): Refusal['place'] {
  const found = /at line: (\d{1,15}) with stream start offset: (\d{1,15})/.exec(diagnostics);
  return found === null ? undefined : { line: Number(found[1]), offset: Number(found[2]) };
}
