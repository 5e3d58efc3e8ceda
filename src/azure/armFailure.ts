import * as v from 'valibot';
import { type Failure, FailureError } from '../failure/failure.ts';
import { redact } from '../failure/redact.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { kindOfStatus } from '../http/statusKind.ts';

const detail = v.object({ code: v.optional(v.string()), message: v.optional(v.string()) });
const errorSchema = v.object({
  error: v.object({
    ...detail.entries,
    details: v.fallback(v.optional(v.nullable(v.array(detail))), undefined),
  }),
});

/** Turns an answer of Azure Resource Manager into a failure: `{error: {code, message, details[]}}`, read tolerantly. */
export function armFailure(answer: HttpAnswer, tried: string): FailureError {
  const kind = kindOfStatus(answer.status);
  const said = words(answer.text);
  const nextStep = nextStepOf(kind);
  return new FailureError({
    kind,
    message: `${tried} failed: Azure Resource Manager answered ${answer.status}.`,
    service: answer.service,
    request: answer.request,
    status: answer.status,
    ...(said.diagnostics.length === 0 ? {} : { diagnostics: said.diagnostics }),
    ...(said.code === undefined ? {} : { code: said.code }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    ...(nextStep === undefined ? {} : { nextStep }),
  });
}

function words(text: string): { diagnostics: readonly string[]; code: string | undefined } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { diagnostics: [], code: undefined };
  }
  const read = v.safeParse(errorSchema, body);
  if (!read.success) return { diagnostics: [], code: undefined };
  const { code, message, details } = read.output.error;
  const messages = [message, ...(details ?? []).slice(0, 5).map((one) => one.message)];
  return {
    diagnostics: [...new Set(messages.flatMap((one) => (one === undefined || one === '' ? [] : [redact(one)])))],
    code: code === undefined ? undefined : redact(code).slice(0, 80),
  };
}

function nextStepOf(kind: Failure['kind']): string | undefined {
  switch (kind) {
    case 'notSignedIn':
      return 'Sign in to this tenant again.';
    case 'forbidden':
      return 'Ask for the role Reader on the subscription or the resource group.';
    case 'throttled':
    case 'unavailable':
    case 'serverError':
      return 'Try again in a few minutes.';
    default:
      return undefined;
  }
}
