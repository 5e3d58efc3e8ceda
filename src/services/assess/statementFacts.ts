import * as v from 'valibot';
import type { StatementFacts } from '../../assess/snapshot.ts';
import type { Metadata } from '../../fhir/metadata.ts';

const schema = v.object({
  rest: v.optional(
    v.array(
      v.object({
        resource: v.optional(
          v.array(
            v.object({
              type: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]{1,63}$/)),
              searchParam: v.optional(v.array(v.object({ name: v.pipe(v.string(), v.maxLength(200)) })), []),
            }),
          ),
          [],
        ),
      }),
    ),
    [],
  ),
});

/** What an assessment uses of a capability statement; types and parameters are empty where it does not list them well. */
export function statementFacts({ text, capabilities }: Metadata): StatementFacts {
  const read = v.safeParse(schema, JSON.parse(text));
  const resources = read.success ? (read.output.rest[0]?.resource ?? []) : [];
  return {
    fhirVersion: capabilities.fhirVersion,
    transactions: capabilities.transaction,
    versioning: capabilities.versioning,
    operations: capabilities.operations,
    searchParameters: Object.fromEntries(
      resources.map(({ type, searchParam }) => [type, searchParam.map(({ name }) => name)]),
    ),
  };
}
