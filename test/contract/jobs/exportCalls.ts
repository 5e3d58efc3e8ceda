import assert from 'node:assert/strict';
import { type Answer, type Bench, until } from './fixture.ts';

export const exportHeaders = { accept: 'application/fhir+json', prefer: 'respond-async' };

export interface ExportManifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly deleted?: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly error: readonly unknown[];
  readonly issues: readonly unknown[];
}

/** Starts an export that must be accepted, and returns the path of its status. */
export async function startExport(bench: Bench, query = '', route = '/$export'): Promise<string> {
  const answer = await bench.call('GET', `${route}${query}`, { headers: exportHeaders });
  assert.equal(answer.status, 202, answer.text);
  const location = answer.headers['Content-Location'] ?? '';
  assert.ok(location.startsWith(`${bench.base}/_operations/export/`), location);
  return location.slice(bench.base.length);
}

/** The answer of the status once it is no longer 202. */
export async function settled(bench: Bench, statusPath: string): Promise<Answer> {
  return until(async () => {
    const answer = await bench.call('GET', statusPath);
    return answer.status === 202 ? undefined : answer;
  }, `${statusPath} leaves 202`);
}

export async function manifestOf(bench: Bench, statusPath: string): Promise<ExportManifest> {
  const answer = await settled(bench, statusPath);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text) as ExportManifest;
}

/** Lines of one file of a manifest. */
export async function linesOf(bench: Bench, url: string): Promise<readonly string[]> {
  const place = bench.account.locate(url);
  assert.ok(place, url);
  const text = await bench.account.read(place.container, place.blob);
  assert.ok(text === '' || text.endsWith('\n'), 'the last line ends with a newline too');
  return text.split('\n').slice(0, -1);
}

interface Line {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { readonly versionId: string; readonly lastUpdated: string; readonly extension?: unknown };
}

/** Runs a whole export into the bench's container and gives `id@version` of every line, with a dagger on tombstones. */
export async function exported(bench: Bench, parameters: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const query = new URLSearchParams({ _container: bench.container, ...parameters });
  const { output } = await manifestOf(bench, await startExport(bench, `?${query.toString()}`));
  const found: string[] = [];
  for (const { url, count } of output) {
    const lines = await linesOf(bench, url);
    assert.equal(lines.length, count);
    for (const text of lines) {
      const { id, meta } = JSON.parse(text) as Line;
      found.push(`${id}@${meta.versionId}${meta.extension === undefined ? '' : ' †'}`);
    }
  }
  return found.sort();
}
