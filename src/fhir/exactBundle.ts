import * as v from 'valibot';
import type { HttpAnswer } from '../http/answer.ts';
import { quoteNumbers } from './exactJson.ts';
import type { Attempted } from './fhirFailure.ts';
import { readAnswer } from './readAnswer.ts';

/** A resource in which every number is text with a mark before it, so that none of its digits is lost. */
export type ExactResource = Readonly<Record<string, unknown>>;

const schema = v.object({
  resourceType: v.literal('Bundle'),
  link: v.optional(v.array(v.object({ relation: v.string(), url: v.string() })), []),
  entry: v.optional(
    v.array(
      v.object({
        resource: v.optional(
          v.custom<ExactResource>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
        ),
        search: v.optional(v.object({ mode: v.optional(v.string()) })),
        response: v.optional(v.object({ status: v.optional(v.string()) })),
      }),
    ),
    [],
  ),
});

export type ExactBundle = v.InferOutput<typeof schema>;

/** Reads a bundle whose resources are to be compared. Throws `unexpectedAnswer` like every reading of an answer. */
export function readExactBundle(answer: HttpAnswer, attempted: Attempted): ExactBundle {
  const text = quoteNumbers(answer.text);
  const exact: HttpAnswer = { ...answer, text, header: (name) => answer.header(name) };
  return readAnswer(exact, schema, attempted);
}
