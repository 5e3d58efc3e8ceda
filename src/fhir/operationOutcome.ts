import * as v from 'valibot';
import { redact } from '../failure/redact.ts';

const maxIssues = 10;

const issueSchema = v.object({
  severity: v.optional(v.string()),
  code: v.optional(v.string()),
  diagnostics: v.optional(v.string()),
  details: v.optional(
    v.object({
      text: v.optional(v.string()),
      coding: v.optional(v.array(v.object({ code: v.optional(v.string()) }))),
    }),
  ),
});

const outcomeSchema = v.object({ resourceType: v.literal('OperationOutcome'), issue: v.array(v.unknown()) });

/** The lock of initial import mode sends one bare issue instead of an outcome (fhir-server: InitialImportLockMiddleware). */
const bareIssueSchema = v.object({ severity: v.string(), code: v.string(), diagnostics: v.string() });

/** What an error body says, ready to be shown. */
export interface OutcomeWords {
  /** The server's own words, redacted, one for each issue. */
  readonly diagnostics: readonly string[];
  /** `issue.code` of the first issue. */
  readonly code: string | undefined;
  /** `issue.details.coding.code` of all issues. */
  readonly detailCodes: readonly string[];
}

export const noWords: OutcomeWords = { diagnostics: [], code: undefined, detailCodes: [] };

/** Reads the OperationOutcome of an error answer; anything else gives no words. */
export function outcomeWords(text: string): OutcomeWords {
  const start = text.slice(0, 200).trimStart();
  if (!start.startsWith('{')) return noWords;
  try {
    return wordsOf(JSON.parse(text));
  } catch {
    return noWords;
  }
}

/** The same for a body that is already parsed, such as `response.outcome` of a bundle entry. */
export function wordsOf(body: unknown): OutcomeWords {
  const bare = v.safeParse(bareIssueSchema, body);
  const outcome = v.safeParse(outcomeSchema, body);
  const raw = outcome.success ? outcome.output.issue.slice(0, maxIssues) : bare.success ? [bare.output] : [];
  const issues = raw.flatMap((issue) => {
    const read = v.safeParse(issueSchema, issue);
    return read.success ? [read.output] : [];
  });
  const said = issues.flatMap((issue) => {
    const words = issue.diagnostics ?? issue.details?.text;
    return words === undefined || words === '' ? [] : [redact(words)];
  });
  return {
    diagnostics: [...new Set(said)],
    code: issues[0]?.code === undefined ? undefined : redact(issues[0].code).slice(0, 60),
    detailCodes: issues.flatMap((issue) => (issue.details?.coding ?? []).flatMap(({ code }) => code ?? [])),
  };
}
