import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { failureOf, never, type FakeAnswer } from '../http/fakeHttp.ts';
import { blobEndpoint, fakeAccount, serveBlobs, storageError } from './fakeBlobs.ts';

const rules = '{"fhirVersion":"R4","fhirPathRules":[{"path":"Patient.name","method":"redact"}]}';

/** The container `anonymization` of an account: what is written stays, each blob with an ETag of its own. */
function configurations(there: Record<string, string> = {}, onPut?: (path: string) => FakeAnswer | undefined) {
  const blobs = { ...there };
  const writes: string[] = [];
  const { staging, http } = fakeAccount(({ method, url, body, headers }) => {
    const path = decodeURIComponent(url.pathname.slice(1));
    if (url.searchParams.get('restype') === 'container')
      return storageError(409, 'ContainerAlreadyExists', 'The specified container already exists.');
    if (method === 'PUT') {
      writes.push(headers['if-none-match'] ?? 'over what is there');
      const answer = onPut?.(path);
      if (answer !== undefined) return answer;
      blobs[path] = body ?? '';
      return { status: 201, headers: { etag: '"0x8DNEW"' } };
    }
    const text = blobs[path];
    if (text === undefined) return storageError(404, 'BlobNotFound', 'The specified blob does not exist.');
    return {
      status: 200,
      headers: {
        etag: there[path] === undefined ? '"0x8DNEW"' : '"0x8DOLD"',
        'content-length': String(Buffer.byteLength(text)),
        'content-md5': createHash('md5').update(text).digest('base64'),
      },
    };
  });
  return { staging, http, writes, blobs };
}

describe('A configuration of de-identified exports', () => {
  it('is uploaded under a name made from its content and pinned to its version', async () => {
    const { staging, writes, blobs } = configurations();
    const pinned = await staging.uploadDeidentification(rules, never);
    assert.match(pinned.config, /^[0-9a-f]{24}\.json$/);
    assert.equal(pinned.etag, '0x8DNEW');
    assert.deepEqual(blobs, { [`anonymization/${pinned.config}`]: rules });
    assert.deepEqual(writes, ['*'], 'never over a file that is there');
    assert.notEqual((await staging.uploadDeidentification(`${rules} `, never)).config, pinned.config);
  });

  it('is not written again, so that plans that name its version stay true', async () => {
    const { config } = await configurations().staging.uploadDeidentification(rules, never);
    const { staging, writes } = configurations({ [`anonymization/${config}`]: rules });
    assert.deepEqual(await staging.uploadDeidentification(rules, never), { config, etag: '0x8DOLD' });
    assert.deepEqual(writes, []);
  });

  it('is taken as it is when somebody else was faster', async () => {
    const { staging, blobs } = configurations({}, (path) => {
      blobs[path] = rules;
      return storageError(409, 'BlobAlreadyExists', 'The specified blob already exists.');
    });
    assert.equal((await staging.uploadDeidentification(rules, never)).etag, '0x8DNEW');
  });

  it('is refused when another text of the same length lies under its name', async () => {
    const { config } = await configurations().staging.uploadDeidentification(rules, never);
    const { staging } = configurations({ [`anonymization/${config}`]: rules.replace('redact', 'nothin') });
    const failure = await failureOf(staging.uploadDeidentification(rules, never));
    assert.equal(failure.kind, 'conflict');
    assert.match(failure.message, /is not the configuration that bears its name/);
  });

  for (const [what, text, words] of [
    ['no JSON', '{', /it is not JSON/],
    ['no rules', '{}', /no fhirPathRules/],
    ['no object', 'null', /no fhirPathRules/],
    ['more than the services read', JSON.stringify({ fhirPathRules: ['x'.repeat(1_000_000)] }), /larger than 1 MB/],
  ] as const)
    it(`is refused before anything is sent when it is ${what}`, async () => {
      const { staging, http } = configurations();
      const failure = await failureOf(staging.uploadDeidentification(text, never));
      assert.equal(failure.kind, 'invalidInput');
      assert.match(failure.message, words);
      assert.equal(http.sent.length, 0);
    });

  it('tells its version, and that it is not there', async () => {
    const { staging } = configurations({ 'anonymization/rules.json': rules });
    assert.equal(await staging.deidentificationEtag('rules.json', never), '0x8DOLD');
    assert.equal(await staging.deidentificationEtag('other.json', never), undefined);
  });
});

describe('Resources of a probe export', () => {
  const security = (code: string): object => ({
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code }],
  });
  const line = (meta?: object): string => JSON.stringify({ resourceType: 'Patient', id: 'p', meta });
  const deleted = line({
    ...security('REDACTED'),
    extension: [{ url: 'http://azurehealthcareapis.com/data-extensions/deleted-state' }],
  });
  const marks = (lines: readonly string[]) => {
    const { staging } = fakeAccount(serveBlobs({ 'migration/f/Patient-1-1.ndjson': lines.join('\n') }));
    return staging.markedLines([{ url: `${blobEndpoint}/migration/f/Patient-1-1.ndjson` }], never);
  };

  it('are marked by a label of the anonymizer, and by no other', async () => {
    const marked = ['REDACTED', 'ABSTRED', 'CRYTOHASHED', 'MASKED', 'PERTURBED', 'SUBSTITUTED', 'GENERALIZED'];
    const lines = [...marked.map((code) => line(security(code))), line(security('R')), line({}), line(), 'garbage'];
    assert.deepEqual(await marks(lines), { lines: lines.length, marked: marked.length });
  });

  it('are not those that were deleted, which hold nothing to take out', async () => {
    assert.deepEqual(await marks([deleted, line()]), { lines: 1, marked: 0 });
  });

  it('are read only as far as needed to see it', async () => {
    assert.deepEqual(await marks(Array.from({ length: 500 }, () => line(security('REDACTED')))), {
      lines: 100,
      marked: 100,
    });
  });
});
