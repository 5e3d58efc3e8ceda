import assert from 'node:assert/strict';
import { type Answer, type Bench, until } from './fixture.ts';

export const importHeaders = { prefer: 'respond-async', 'content-type': 'application/fhir+json' };

export interface ImportInput {
  readonly url: string;
  readonly type?: string;
  readonly etag?: string;
}

export interface ImportManifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly output: readonly { readonly type: string | null; readonly count: number; readonly inputUrl: string }[];
  readonly error: readonly {
    readonly type: string | null;
    readonly count: number;
    readonly inputUrl: string;
    readonly url: string;
  }[];
}

/** A value goes out as valueBoolean, valueInteger or valueString by its type. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** The body of a request to `$import`. */
export function importBody(inputs: readonly ImportInput[], settings: Settings = {}): object {
  const values = { inputFormat: 'application/fhir+ndjson', ...settings };
  return {
    resourceType: 'Parameters',
    parameter: [
      ...Object.entries(values).map(([name, value]) => {
        if (typeof value === 'boolean') return { name, valueBoolean: value };
        return typeof value === 'number' ? { name, valueInteger: value } : { name, valueString: value };
      }),
      { name: 'storageDetail', part: [{ name: 'type', valueString: 'azure-blob' }] },
      ...inputs.map(({ url, type, etag }) => ({
        name: 'input',
        part: [
          ...(type === undefined ? [] : [{ name: 'type', valueString: type }]),
          { name: 'url', valueUri: url },
          ...(etag === undefined ? [] : [{ name: 'etag', valueUri: etag }]),
        ],
      })),
    ],
  };
}

export function postImport(bench: Bench, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return bench.call('POST', '/$import', { headers: { ...importHeaders, ...headers }, body });
}

/** Starts an import that must be accepted, and returns the path of its status. */
export async function startImport(
  bench: Bench,
  inputs: readonly ImportInput[],
  settings: Settings = {},
): Promise<string> {
  const answer = await postImport(bench, importBody(inputs, settings));
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.text, '');
  const location = answer.headers['Content-Location'] ?? '';
  assert.ok(location.startsWith(`${bench.base}/_operations/import/`), location);
  return location.slice(bench.base.length);
}

/** The answer of the status once it is no longer 202. */
export async function settledImport(bench: Bench, statusPath: string): Promise<Answer> {
  return until(async () => {
    const answer = await bench.call('GET', statusPath);
    return answer.status === 202 ? undefined : answer;
  }, `${statusPath} leaves 202`);
}

export async function importManifest(bench: Bench, statusPath: string): Promise<ImportManifest> {
  const answer = await settledImport(bench, statusPath);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text) as ImportManifest;
}

let files = 0;

/** Uploads lines as one file and returns its address. */
export async function upload(bench: Bench, lines: readonly (string | object)[], newline = '\n'): Promise<string> {
  files += 1;
  const blob = `files/file-${files}.ndjson`;
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}${newline}`).join('');
  await bench.account.write(bench.container, blob, text);
  return bench.account.urlOf(bench.container, blob);
}

/** Error texts in an error file, in its order. */
export async function errorTexts(bench: Bench, url: string): Promise<readonly string[]> {
  const place = bench.account.locate(url);
  assert.ok(place, url);
  const lines = (await bench.account.read(place.container, place.blob)).split('\n').slice(0, -1);
  return lines.map((line) => {
    const outcome = JSON.parse(line) as { issue: { details: { text: string } }[] };
    return outcome.issue[0]?.details.text ?? '';
  });
}

export interface Imported {
  readonly loaded: number;
  readonly refused: number;
  /** Error texts of all error files. */
  readonly errors: readonly string[];
}

/** Imports lines as one file of mixed types and waits for the end. */
export async function imported(
  bench: Bench,
  lines: readonly (string | object)[],
  settings: Settings = {},
): Promise<Imported> {
  const url = await upload(bench, lines);
  const manifest = await importManifest(bench, await startImport(bench, [{ url }], settings));
  const sum = (entries: readonly { readonly count: number }[]): number =>
    entries.reduce((total, { count }) => total + count, 0);
  const errors: string[] = [];
  for (const entry of manifest.error) errors.push(...(await errorTexts(bench, entry.url)));
  return { loaded: sum(manifest.output), refused: sum(manifest.error), errors };
}

/** A patient line; `meta` holds what of versionId and lastUpdated the line has. */
export function patient(id: string, meta: object = {}, content: object = {}): object {
  return { resourceType: 'Patient', id, meta, active: true, ...content };
}
