import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Attempted } from './fhirFailure.ts';

/**
 * Parses the JSON body of a good answer by its schema. Throws `unexpectedAnswer` that says where it does not fit, but
 * never what stood there: it could be somebody's data.
 */
export function readAnswer<Schema extends v.GenericSchema>(
  answer: HttpAnswer,
  schema: Schema,
  attempted: Attempted,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, parseJson(answer, attempted), { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  const path = v.getDotPath(issue) ?? 'the answer';
  throw unexpected(
    answer,
    attempted,
    `${path.slice(0, 100)} should be ${(issue.expected ?? 'different').slice(0, 60)}`,
  );
}

/** Parses the JSON body of a good answer. Throws `unexpectedAnswer` for a web page or broken JSON. */
export function parseJson(answer: HttpAnswer, attempted: Attempted): unknown {
  const text = answer.text.startsWith('\uFEFF') ? answer.text.slice(1) : answer.text;
  const type = answer.header('content-type') ?? '';
  if (/\bhtml\b/i.test(type) || /^\s*</.test(text.slice(0, 200)))
    throw unexpected(answer, attempted, 'it is a web page, not FHIR', webPageStep);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected(answer, attempted, text === '' ? 'it is empty' : 'it is not complete JSON');
  }
}

const webPageStep =
  'Check the address; a sign-in page of the network, a proxy or a web site may have answered instead of the service.';

/** An answer with a good status that is not what the protocol says. */
export function unexpected(answer: HttpAnswer, { tried }: Attempted, why: string, nextStep?: string): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message: `${tried}: ${answer.service} gave an answer that cannot be used: ${why}.`,
    service: answer.service,
    request: answer.request,
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(nextStep === undefined ? {} : { nextStep }),
  });
}
