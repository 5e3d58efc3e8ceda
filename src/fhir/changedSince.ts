import * as v from 'valibot';
import type { HttpAnswer } from '../http/answer.ts';
import { instantText } from './count.ts';
import type { ExactResource } from './exactBundle.ts';
import { quoteNumbers } from './exactJson.ts';
import type { FhirClient } from './fhirClient.ts';
import { resourceIdPattern, resourceTypePattern } from './names.ts';
import { readAnswer } from './readAnswer.ts';
import { readPages } from './searchPages.ts';

/** Versions of a page: they come with their content, so that fewer are taken at once than of identities. */
const pageSize = 200;

const attempted = { tried: 'Reading what was written', role: 'FHIR Data Reader' };

const schema = v.object({
  resourceType: v.literal('Bundle'),
  link: v.optional(v.array(v.object({ relation: v.string(), url: v.string() })), []),
  entry: v.optional(
    v.array(
      v.object({
        resource: v.optional(v.record(v.string(), v.unknown())),
        request: v.optional(v.object({ method: v.optional(v.string()), url: v.optional(v.string()) })),
      }),
    ),
    [],
  ),
});

/** The newest version of a resource that was written since an instant. */
export interface ChangedResource {
  readonly type: string;
  readonly id: string;
  /** Undefined: it was deleted. */
  readonly resource: ExactResource | undefined;
}

/**
 * Resources whose newest version was written at or after an instant, deletions included, page by page; each once. An
 * import keeps the dates of its versions, so that what was imported of earlier times is not among them.
 * @param since milliseconds since 1970 UTC, by the service's clock
 */
export async function* changedSince(
  client: FhirClient,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ChangedResource[], void> {
  const seen = new Set<string>();
  const search = {
    path: '/_history',
    query: [
      ['_since', instantText(since)],
      ['_sort', '-_lastUpdated'],
      ['_count', String(pageSize)],
    ] as const,
    template: '/_history?_since',
    attempted,
  };
  const read = (answer: HttpAnswer) => {
    const text = quoteNumbers(answer.text);
    const exact: HttpAnswer = { ...answer, text, header: (name) => answer.header(name) };
    const { entry, link } = readAnswer(exact, schema, attempted);
    return { entries: entry, next: link.find(({ relation }) => relation === 'next')?.url };
  };
  for await (const page of readPages(client, search, read, signal))
    yield page.flatMap((entry) => {
      const changed = changedIn(entry);
      // The newest version comes first: those after it are older.
      if (changed === undefined || seen.has(`${changed.type}/${changed.id}`)) return [];
      seen.add(`${changed.type}/${changed.id}`);
      return [changed];
    });
}

type Entry = v.InferOutput<typeof schema>['entry'][number];

function changedIn({ resource, request }: Entry): ChangedResource | undefined {
  const [inUrl, idInUrl] = request?.url?.split('/') ?? [];
  const type = resource?.resourceType ?? inUrl;
  const id = resource?.id ?? idInUrl;
  if (typeof type !== 'string' || typeof id !== 'string') return undefined;
  if (!resourceTypePattern.test(type) || !resourceIdPattern.test(id)) return undefined;
  return { type, id, resource: request?.method === 'DELETE' ? undefined : resource };
}
