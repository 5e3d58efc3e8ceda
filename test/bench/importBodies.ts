/*
 * What it costs to turn a manifest of 100,000 files into the bodies of imports, against reading the manifest with
 * JSON.parse. The staging account's listing is paired in, as in a migration.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { foldersOf, pathsOf, StagedListing, windowFiles } from '../../src/engine/exports/manifest.ts';
import { filesOfPart, importRequest, type ListedFile } from '../../src/engine/imports/importList.ts';
import type { ExportManifest, StagedFile } from '../../src/engine/ports.ts';
import { importBody } from '../../src/fhir/importBody.ts';
import type { Figure } from './figure.ts';

const files = 100_000;
const filesPerImport = 10_000;
const warmUps = 3;
const rounds = 15;
const staging = {
  accountName: 'contosostaging',
  blobEndpoint: 'https://contosostaging.blob.core.windows.net',
  container: 'migration',
};
const folder = '20260504T101112-42';

function urlOf(index: number): string {
  return `${staging.blobEndpoint}/${staging.container}/${folder}/Observation-${index}-1.ndjson`;
}

function manifestText(): string {
  const output = Array.from({ length: files }, (_, index) => ({
    type: 'Observation',
    url: urlOf(index),
    count: 10_000,
  }));
  return JSON.stringify({
    transactionTime: '2026-05-04T10:11:12Z',
    request: '',
    requiresAccessToken: false,
    output,
    error: [],
  });
}

/** As it comes page by page while the manifest is awaited. */
function listing(): StagedListing {
  const staged = new StagedListing();
  const all: readonly StagedFile[] = Array.from({ length: files }, (_, index) => ({
    url: urlOf(index),
    path: `${folder}/Observation-${index}-1.ndjson`,
    bytes: 7_000_000,
    etag: `0x8DB92A73426${index}`,
  }));
  staged.add(all);
  return staged;
}

interface Made {
  readonly bodies: readonly string[];
  /** What a migration holds while it makes them. */
  readonly beside: unknown;
}

function bodiesOf(manifest: ExportManifest, staged: StagedListing): Made {
  const paths = pathsOf(
    manifest.output.map(({ url }) => url),
    staging,
  );
  if (foldersOf(paths).length !== 1) throw new Error('The manifest names one folder.');
  const found = windowFiles(manifest, paths, staged, filesPerImport);
  let from = 0;
  const bodies = found.parts.map((part, index) => {
    const list: ListedFile[] = filesOfPart(found.files, { from, files: part.files }, index);
    from += part.files;
    return importBody(importRequest(list, 'migration-errors', undefined));
  });
  return { bodies, beside: { manifest, paths, found } };
}

/** Time and memory of import bodies, in units of the manifest. */
export function importBodies(): readonly Figure[] {
  const text = manifestText();
  const staged = listing();
  const read = (): ExportManifest => {
    const { output } = JSON.parse(text) as Pick<ExportManifest, 'output'>;
    return { transactionTime: 0, request: '', output, errors: [] };
  };
  let parsing = 0;
  let building = 0;
  for (let round = -warmUps; round < rounds; round += 1) {
    const begin = cpuTime();
    const manifest = read();
    const middle = cpuTime();
    const { bodies } = bodiesOf(manifest, staged);
    const end = cpuTime();
    if (bodies.length !== files / filesPerImport) throw new Error(`${bodies.length} bodies`);
    if (round < 0) continue;
    parsing += middle - begin;
    building += end - middle;
  }
  return [
    {
      name: 'importBodies.time',
      value: building / parsing,
      unit: 'times',
      bound: 'atMost',
      goal: 5,
      against: 'JSON.parse of the manifest',
    },
    {
      name: 'importBodies.memory',
      value: heldBy(() => bodiesOf(read(), staged)) / text.length,
      unit: 'times',
      bound: 'atMost',
      goal: 4,
      against: 'the size of the manifest',
    },
  ];
}

/** Microseconds of this process: other processes on the machine do not count. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Bytes that a result holds beside what was there before. */
function heldBy(make: () => unknown): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage();
  const result = make();
  collect();
  const after = process.memoryUsage();
  if (result === undefined) throw new Error('nothing was made');
  return after.heapUsed + after.external - before.heapUsed - before.external;
}
