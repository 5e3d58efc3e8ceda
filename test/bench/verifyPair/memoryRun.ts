import type { FhirClient } from '../../../src/fhir/fhirClient.ts';
import { serviceBase } from '../../../src/http/serviceBase.ts';
import { serviceSide } from '../../../src/services/verify/sides.ts';
import { verifyContent } from '../../../src/services/verify/verifyContent.ts';

/*
 * Compares five million resources, of which a thousand share each date, and prints how many are equal and the peak of the
 * memory. The services only write pages and counts: their own memory would be counted otherwise.
 */

const total = 5_000_000;
const pageRows = 1_000;
/** A page holds one date, which is what makes the most wait for each other. */
const sameDate = pageRows;
const first = Date.UTC(2020, 0, 1);
const stepMs = 1_000;
const dateOf = (index: number): number => first + Math.floor(index / sameDate) * sameDate * stepMs;

/** Resources before an instant. */
const before = (at: number): number =>
  Math.max(0, Math.min(total, Math.ceil((at - first) / (sameDate * stepMs)) * sameDate));

function page(from: number, to: number, next: string | undefined): string {
  const entries: string[] = [];
  const at = new Date(dateOf(from)).toISOString();
  for (let index = from; index < Math.min(from + pageRows, to); index++) {
    entries.push(
      `{"resource":{"resourceType":"Patient","id":"r${index}","meta":{"versionId":"1","lastUpdated":"${at}"},"active":true,"birthDate":"1970-01-01"}}`,
    );
  }
  const link = next === undefined ? '' : `"link":[{"relation":"next","url":"${next}"}],`;
  return `{"resourceType":"Bundle","type":"searchset",${link}"entry":[${entries.join(',')}]}`;
}

const bound = (url: URL, prefix: string, fallback: number): number => {
  const found = url.searchParams.getAll('_lastUpdated').find((text) => text.startsWith(prefix));
  return found === undefined ? fallback : Date.parse(found.slice(2));
};

function answerTo(url: URL): string {
  const from = before(bound(url, 'ge', -Infinity));
  const to = before(bound(url, 'lt', Infinity));
  if (url.searchParams.has('_summary')) return `{"resourceType":"Bundle","type":"searchset","total":${to - from}}`;
  const at = Number(url.searchParams.get('ct') ?? from);
  const next = new URL(url);
  next.searchParams.set('ct', String(at + pageRows));
  return page(at, to, at + pageRows < to ? next.href : undefined);
}

function fakeClient(name: string): FhirClient {
  const base = serviceBase(name, `https://${name}.example.org`);
  const send: FhirClient['send'] = async (request) => {
    await new Promise((resolve) => setImmediate(resolve));
    const url = new URL(request.path, `${base.endpoint}/`);
    for (const [key, value] of request.query ?? []) url.searchParams.append(key, value);
    const text =
      request.method === 'POST'
        ? `{"resourceType":"Bundle","type":"batch-response","entry":[${requested(request.body)
            .map((each) => `{"resource":${answerTo(new URL(each, `${base.endpoint}/`))},"response":{"status":"200"}}`)
            .join(',')}]}`
        : answerTo(url);
    return { service: name, request: request.template, status: 200, text, header: () => undefined } as never;
  };
  return { base, name, kind: 'ahds', send } as unknown as FhirClient;
}

function requested(body: unknown): readonly string[] {
  const { entry } = JSON.parse(String(body)) as {
    readonly entry: readonly { readonly request: { readonly url: string } }[];
  };
  return entry.map(({ request }) => request.url);
}

const result = await verifyContent(
  {
    source: serviceSide(fakeClient('contoso')),
    target: serviceSide(fakeClient('clinical')),
    types: ['Patient'],
    since: undefined,
    till: dateOf(total) + 1,
    first,
    history: false,
    progress: () => undefined,
  },
  new AbortController().signal,
);
const equal = result.types.reduce((sum, type) => sum + type.equal, 0);
process.stdout.write(JSON.stringify({ equal, peakBytes: process.resourceUsage().maxRSS * 1_024 }));
