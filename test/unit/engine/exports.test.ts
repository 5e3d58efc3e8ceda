import assert from 'node:assert/strict';
import { FailureError } from '../../../src/failure/failure.ts';
import {
  foldersOf,
  pathsOf,
  StagedListing,
  windowFiles,
  type WindowFiles,
} from '../../../src/engine/exports/manifest.ts';
import { isSameRequest } from '../../../src/engine/exports/sameRequest.ts';
import type { ExportManifest, ExportRequest } from '../../../src/engine/ports.ts';

const root = 'https://s.blob.core.windows.net/migration/20260504T101112-42';

function manifest(...output: readonly (readonly [string, string, number])[]): ExportManifest {
  return {
    transactionTime: 0,
    request: '',
    output: output.map(([type, name, count]) => ({ type, url: `${root}/${name}`, count })),
    errors: [],
  };
}

function staged(...names: readonly string[]): StagedListing {
  return listingOf(names.map((name) => [name, 700] as const));
}

function listingOf(files: readonly (readonly [string, number])[]): StagedListing {
  const listing = new StagedListing();
  const folder = '20260504T101112-42';
  listing.add(
    files.map(([name, bytes]) => ({
      url: `${root}/${name}`,
      path: `${folder}/${name}`,
      bytes,
      etag: `0x${name.length}`,
    })),
  );
  return listing;
}

const staging = { accountName: 's', blobEndpoint: 'https://s.blob.core.windows.net', container: 'migration' };

function urlsOf({ output }: ExportManifest): readonly string[] {
  return output.map(({ url }) => url);
}

function filesOf(of: ExportManifest, held: StagedListing, filesPerImport: number): WindowFiles {
  return windowFiles(of, pathsOf(urlsOf(of), staging), held, filesPerImport);
}

describe('the files of an export', () => {
  it('are paired with what the staging account holds, type by type', () => {
    const found = filesOf(
      manifest(['Patient', 'Patient-1-1.ndjson', 2], ['Observation', 'Observation-1-1.ndjson', 5]),
      staged('Patient-1-1.ndjson', 'Observation-1-1.ndjson'),
      10,
    );
    assert.deepEqual(
      found.parts.map(({ type, resources }) => [type, resources]),
      [
        ['Patient', 2],
        ['Observation', 5],
      ],
    );
    assert.equal(found.resources, 7);
    assert.ok(found.files.every(({ etag }) => etag?.startsWith('0x')));
  });

  it('count once when the manifest names them twice', () => {
    const name = 'Patient-1-1.ndjson';
    const found = filesOf(manifest(['Patient', name, 2], ['Patient', name, 2]), staged(name), 10);
    assert.equal(found.files.length, 1);
    assert.equal(found.resources, 2);
  });

  it('set search parameters aside', () => {
    const name = 'SearchParameter-1-1.ndjson';
    const found = filesOf(manifest(['SearchParameter', name, 3]), staged(name), 10);
    assert.equal(found.parts.length, 0);
    assert.equal(found.setAside.length, 1);
    assert.equal(found.resources, 3);
  });

  it('are cut into parts of as many files as an import takes', () => {
    const names = Array.from({ length: 7 }, (_, index) => `Patient-${index}-1.ndjson`);
    const found = filesOf(manifest(...names.map((name) => ['Patient', name, 1] as const)), staged(...names), 3);
    assert.deepEqual(
      found.parts.map(({ files }) => files),
      [3, 3, 1],
    );
  });

  it('are refused when one is missing or empty in the staging account', () => {
    const one = manifest(['Patient', 'Patient-1-1.ndjson', 2]);
    assert.throws(
      () => filesOf(one, listingOf([]), 10),
      (error) => FailureError.is(error, 'unexpectedAnswer'),
    );
    const empty = listingOf([['Patient-1-1.ndjson', 0]]);
    assert.throws(
      () => filesOf(one, empty, 10),
      (error) => FailureError.is(error, 'unexpectedAnswer'),
    );
  });

  it('are those that the manifest names, each once, where nobody may look', () => {
    const of = manifest(['Patient', 'a.ndjson', 2], ['Patient', 'a.ndjson', 2], ['SearchParameter', 'b.ndjson', 1]);
    const { files, parts, setAside, resources } = windowFiles(of, pathsOf(urlsOf(of), staging), undefined, 10);
    assert.deepEqual(
      files.map(({ url, bytes, etag }) => [url, bytes, etag]),
      [[`${root}/a.ndjson`, 0, undefined]],
    );
    assert.deepEqual([parts.length, setAside.length, resources], [1, 1, 3]);
  });

  it('lie in folders of the container, also below an account of the same name', () => {
    assert.deepEqual(foldersOf(pathsOf([`${root}/a.ndjson`], staging)), ['20260504T101112-42']);
    const emulated = { ...staging, blobEndpoint: 'https://127.0.0.1:10000/migration' };
    const inside: ExportManifest = {
      ...manifest(),
      output: [{ type: 'Patient', url: 'https://127.0.0.1:10000/migration/migration/f-1/a.ndjson', count: 1 }],
    };
    assert.deepEqual(foldersOf(pathsOf(urlsOf(inside), emulated)), ['f-1']);
    const elsewhere = { ...staging, container: 'other' };
    assert.throws(() => pathsOf([`${root}/a.ndjson`], elsewhere), /outside the staging container/);
  });
});

describe('an export found by its folder', () => {
  const request: ExportRequest = {
    since: Date.UTC(2026, 0, 1),
    till: Date.UTC(2026, 1, 1),
    types: ['Patient', 'Observation'],
    container: 'migration',
    history: false,
    softDeleted: true,
    parallel: true,
  };
  const address = (change: Readonly<Record<string, string>> = {}): string => {
    const url = new URL('https://source.azurehealthcareapis.com/$export');
    const query = {
      _since: '2026-01-01T00:00:00.000Z',
      _till: '2026-02-01T00:00:00.0000000+00:00',
      _container: 'migration',
      _type: 'Observation,Patient',
      includeAssociatedData: '_deleted',
      _isParallel: 'true',
      ...change,
    };
    for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value);
    return url.href;
  };

  it('is ours when it asks for the same, however that is written', () => {
    assert.ok(isSameRequest(address(), request));
  });

  for (const [what, change] of Object.entries({
    start: { _since: '2026-01-02T00:00:00Z' },
    'no start': { _since: '' },
    end: { _till: '2026-02-01T00:00:00.001Z' },
    container: { _container: 'other' },
    types: { _type: 'Patient' },
    history: { includeAssociatedData: '_history,_deleted' },
    deletions: { includeAssociatedData: '' },
  })) {
    it(`is not ours when it differs in ${what}`, () => {
      assert.ok(!isSameRequest(address(change), request));
    });
  }

  it('is not ours when its address cannot be read', () => {
    assert.ok(!isSameRequest('not an address', request));
    assert.ok(!isSameRequest('https://source.azurehealthcareapis.com/Patient', request));
  });
});
