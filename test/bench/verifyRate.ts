import { acceptFhir, type FhirClient } from '../../src/fhir/fhirClient.ts';
import { verifyContent } from '../../src/services/verify/verifyContent.ts';
import type { Figure } from './figure.ts';
import { openPair } from './verifyPair/pair.ts';

const total = 90_000;
const latencyMs = 5;
/** Enough for a steady rate, at some seven milliseconds each. */
const sampled = 300;
/** The server's page when the tool asks for none, as its deep check does. */
const referencePage = 10;
const { signal } = new AbortController();

/**
 * Resources per second that are compared by content at a latency of 5 ms, beside the reference tool's deep check: pages
 * of ten from the source, each resource asked for alone on the target, one after the other. Its four table calls and
 * its event for each resource are left out.
 */
export async function verifyRate(): Promise<readonly Figure[]> {
  await using pair = await openPair({ total, latencyMs });
  const { clients, comparison } = pair;
  await verifyContent({ ...comparison, types: ['Account'] }, signal);
  const began = performance.now();
  const { types, differences } = await verifyContent(comparison, signal);
  const ours = total / (performance.now() - began);
  const equal = types.reduce((sum, type) => sum + type.equal, 0);
  if (equal !== total || differences.length > 0) throw new Error(`${equal} of ${total} are equal.`);
  const start = performance.now();
  await deepCheck(clients[0], clients[1]);
  const theirs = sampled / (performance.now() - start);
  return [
    {
      name: 'verifyContentRate',
      value: ours / theirs,
      unit: 'times',
      bound: 'atLeast',
      goal: 30,
      against: `the reference tool's deep check: ${Math.round(ours * 1_000)} and ${Math.round(theirs * 1_000)} resources per second`,
    },
  ];
}

async function deepCheck(source: FhirClient, target: FhirClient): Promise<void> {
  let path = `/Patient?_count=${referencePage}`;
  for (let compared = 0; compared < sampled;) {
    const page = (await get(source, path)) as {
      readonly entry: readonly { readonly resource: { readonly id: string } }[];
      readonly link: readonly { readonly relation: string; readonly url: string }[];
    };
    for (const { resource } of page.entry) {
      const other = await get(target, `/Patient/${resource.id}`);
      if (JSON.stringify(other) !== JSON.stringify(resource)) throw new Error('The services are not equal.');
      compared++;
    }
    path = page.link.find(({ relation }) => relation === 'next')?.url ?? '';
  }
}

async function get(client: FhirClient, path: string): Promise<unknown> {
  const [where = '', search] = path.startsWith('/') ? path.split('?') : [path];
  const query = [...new URLSearchParams(search ?? '')].map(([name, value]) => [name, value] as const);
  const answer = await client.send(
    {
      method: 'GET',
      path: where,
      query,
      headers: acceptFhir,
      template: '/{reference}',
      retry: 'idempotent',
      deadlineMs: 60_000,
    },
    signal,
  );
  return JSON.parse(answer.text);
}
