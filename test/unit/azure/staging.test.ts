import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ndjsonLines } from '../../../src/azure/ndjsonLines.ts';
import { readFolderName, type StagedFile } from '../../../src/azure/staging.ts';
import { failureOf, never } from '../http/fakeHttp.ts';
import { all, blobEndpoint, blobList, fakeAccount, serveBlobs, storageError } from './fakeBlobs.ts';

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = Math.max(1, sizes[n % Math.max(1, sizes.length)] ?? 1);
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('Lines of a file', () => {
  const line = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((text) => !/[\r\n]/.test(text) && text.trim() !== '' && !text.startsWith('\uFEFF') && text.isWellFormed());

  it('are the same however the bytes arrive, whatever ends them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n \n'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (lines, end, lastEnd, mark, sizes) => {
          const text = `${mark ? '\uFEFF' : ''}${lines.join(end)}${lastEnd ? end : ''}`;
          const read = await all(ndjsonLines(inChunks(Buffer.from(text), sizes), 1_000));
          assert.deepEqual(
            read,
            lines.map((one) => ({ tooLong: false, text: one })),
          );
        },
      ),
    );
  });

  it('that are too long are told, not held', async () => {
    const text = `a\n${'b'.repeat(100)}\nc\n${'d'.repeat(100)}`;
    assert.deepEqual(await all(ndjsonLines(inChunks(Buffer.from(text), [7]), 20)), [
      { tooLong: false, text: 'a' },
      { tooLong: true },
      { tooLong: false, text: 'c' },
      { tooLong: true },
    ]);
    async function* gigabytes(): AsyncGenerator<Buffer> {
      const chunk = Buffer.alloc(1_048_576, 120);
      for (let n = 0; n < 2_048; n += 1) {
        if (n % 512 === 0) await Promise.resolve();
        yield chunk;
      }
    }
    assert.deepEqual(await all(ndjsonLines(gigabytes(), 1_000)), [{ tooLong: true }]);
    assert.ok(process.memoryUsage().arrayBuffers < 512 * 1_048_576);
  });
});

describe('Exported search parameters', () => {
  it('come in their newest version, without deleted ones and without what is none', async () => {
    const sp = (id: string, day: number, more: object = { url: `http://x/${id}` }) =>
      JSON.stringify({
        resourceType: 'SearchParameter',
        id,
        meta: { lastUpdated: `2026-01-0${day}T00:00:00Z` },
        ...more,
      });
    const tombstone = JSON.stringify({
      resourceType: 'SearchParameter',
      id: 'c',
      meta: {
        lastUpdated: '2026-01-05T00:00:00Z',
        extension: [{ url: 'http://azurehealthcareapis.com/data-extensions/deleted-state' }],
      },
    });
    const file = [
      sp('a', 2, { url: 'http://x/a', code: 'new' }),
      sp('a', 1, { url: 'http://x/a', code: 'old' }),
      sp('b', 1),
      tombstone,
      sp('c', 1),
      sp('d', 1, {}),
      'garbage',
      JSON.stringify({ resourceType: 'Patient', id: 'p' }),
    ].join('\n');
    const { staging, http } = fakeAccount(serveBlobs({ 'migration/f/SearchParameter-1-1.ndjson': file }));
    const files = [
      { type: 'SearchParameter', url: `${blobEndpoint}/migration/f/SearchParameter-1-1.ndjson`, count: 8 },
      { type: 'Patient', url: `${blobEndpoint}/migration/f/Patient-1-1.ndjson`, count: 8 },
    ];
    const found = await staging.searchParameters(files, never);
    assert.deepEqual(
      found.map(({ url, resource }) => [url, resource.code]),
      [
        ['http://x/a', 'new'],
        ['http://x/b', undefined],
      ],
    );
    assert.equal(http.sent.length, 1);
  });
});

describe('The staging container', () => {
  it('lists export folders since an instant, and nothing else', async () => {
    const names = [
      '20260504T101112-42/',
      '20260504T101111-41/',
      '20260504T101000-40/',
      'other/',
      '20261399T101112-1/',
      '20260504T101112-/',
      '20260504T101112-a b/',
      'x20260504T101112-42/',
    ];
    const { staging, http, tokens } = fakeAccount(() => blobList([], names));
    const folders = await staging.exportFolders(Date.parse('2026-05-04T10:11:11.900Z'), never);
    assert.deepEqual(
      folders.map(({ jobId }) => jobId),
      ['42', '41'],
    );
    assert.deepEqual(readFolderName('20260504T101112-42/'), {
      folder: '20260504T101112-42',
      jobId: '42',
      createdAt: Date.parse('2026-05-04T10:11:12Z'),
    });
    assert.equal(http.sent[0]?.headers.authorization, 'Bearer token-1');
    assert.deepEqual(tokens.asked[0], { scope: 'https://storage.azure.com/.default', tenantId: 't1' });
  });

  it('lists files page by page, with sizes and bare ETags', async () => {
    const { staging, http } = fakeAccount((sent) => {
      const marker = sent.url.searchParams.get('marker');
      return marker === null
        ? blobList(
            [
              { name: 'f/Patient-1-1.ndjson', bytes: 7 },
              { name: 'f', bytes: 0 },
            ],
            [],
            'more',
          )
        : blobList([{ name: 'f/Group-2-1.ndjson' }]);
    });
    const pages = await all<readonly StagedFile[]>(staging.files('f', never));
    assert.deepEqual(pages, [
      [
        {
          url: `${blobEndpoint}/migration/f/Patient-1-1.ndjson`,
          path: 'f/Patient-1-1.ndjson',
          bytes: 7,
          etag: '0x8D7',
        },
      ],
      [{ url: `${blobEndpoint}/migration/f/Group-2-1.ndjson`, path: 'f/Group-2-1.ndjson', bytes: 10, etag: '0x8D10' }],
    ]);
    assert.equal(http.sent[0]?.url.searchParams.get('prefix'), 'f/');
  });

  it('has no folders before it is there', async () => {
    const { staging } = fakeAccount(() =>
      storageError(404, 'ContainerNotFound', 'The specified container does not exist.'),
    );
    assert.deepEqual(await staging.exportFolders(0, never), []);
    assert.equal(await staging.containerState(never), 'absent');
  });

  it('does not list in circles', async () => {
    const { staging } = fakeAccount(() => blobList([{ name: 'f/Patient-1-1.ndjson' }], [], 'again'));
    assert.match((await failureOf(all(staging.files('f', never)))).message, /does not come to an end/);
  });

  it('is created once', async () => {
    for (const answer of [
      { status: 201 },
      storageError(409, 'ContainerAlreadyExists', 'The specified container already exists.'),
    ])
      await fakeAccount(() => answer).staging.createContainer(never);
  });

  for (const [status, code, kind, words] of [
    [403, 'AuthorizationPermissionMismatch', 'forbidden', /Storage Blob Data Contributor/],
    [403, 'AuthorizationFailure', 'forbidden', /firewall/],
    [401, 'InvalidAuthenticationInfo', 'notSignedIn', /tenant/],
    [404, 'ContainerNotFound', 'notFound', /container/],
    [409, 'ContainerBeingDeleted', 'conflict', /deleted/],
    [412, 'ConditionNotMet', 'conflict', /412/],
    [503, 'ServerBusy', 'unavailable', /ServerBusy/],
  ] as const)
    it(`explains ${code}`, async () => {
      const { staging } = fakeAccount(() =>
        storageError(status, code, `It is ${code}: the container is being deleted.`),
      );
      const failure = await failureOf(all(staging.files('f', never)));
      assert.deepEqual([failure.kind, failure.code, failure.status, failure.requestId], [kind, code, status, 'r-1']);
      assert.match(JSON.stringify(failure), words);
    });

  it('tries again when the account is busy', async () => {
    const { staging, http } = fakeAccount((_, index) =>
      index < 2 ? storageError(503, 'ServerBusy', 'busy') : blobList([]),
    );
    await all(staging.files('f', never));
    assert.equal(http.sent.length, 3);
  });

  it('gets no token of another audience, whatever a challenge asks', async () => {
    const { staging, tokens } = fakeAccount(() => ({
      ...storageError(401, 'NoAuthenticationInformation', 'x'),
      headers: {
        'www-authenticate':
          'Bearer authorization_uri=https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/authorize resource_id=https://management.azure.com',
      },
    }));
    assert.equal((await failureOf(all(staging.files('f', never)))).kind, 'notSignedIn');
    assert.ok(tokens.asked.every(({ scope }) => scope === 'https://storage.azure.com/.default'));
  });

  it('signs in again when a token is refused, once', async () => {
    const { staging, http } = fakeAccount((_, index) =>
      index === 0 ? storageError(401, 'InvalidAuthenticationInfo', 'expired') : blobList([]),
    );
    await all(staging.files('f', never));
    assert.deepEqual(
      http.sent.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2'],
    );
  });

  it('follows no redirect', async () => {
    const { staging, http } = fakeAccount(() => ({ status: 302, headers: { location: 'https://evil.example/' } }));
    assert.equal((await failureOf(all(staging.files('f', never)))).kind, 'unexpectedAnswer');
    assert.ok(http.sent.every(({ url }) => url.origin === blobEndpoint));
  });

  it('can be left and stopped', async () => {
    const { staging } = fakeAccount(() => blobList([]));
    assert.equal((await failureOf(all(staging.files('f', AbortSignal.abort())))).kind, 'cancelled');
    assert.equal((await failureOf(staging.exportFolders(0, AbortSignal.abort()))).kind, 'cancelled');
  });
});
