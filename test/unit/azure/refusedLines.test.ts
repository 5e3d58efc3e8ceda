import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRefusal } from '../../../src/azure/refusal.ts';
import type { RefusedLine } from '../../../src/azure/refusedLines.ts';
import { failureOf, never } from '../http/fakeHttp.ts';
import { all, blobEndpoint, fakeAccount, serveBlobs } from './fakeBlobs.ts';

const refusal = (text: string, line = 4, offset = 0) =>
  JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        details: { text },
        diagnostics: `Failed to process resource at line: ${line} with stream start offset: ${offset}`,
      },
    ],
  });

describe('A line of an error file', () => {
  for (const [text, reason, id] of [
    ['Failed to import duplicate resource, resource id: p1, line: 4', 'duplicate', 'p1'],
    ['Failed to import resource with version conflict, resource id: a.b-C, line: 4', 'conflict', 'a.b-C'],
    ['Resource type not match.', 'invalid', undefined],
    ['SearchParameter resources cannot be processed by import.', 'searchParameter', undefined],
    ["Invalid resource id: 'x y'. Id must be any combination of…", 'invalid', undefined],
    ['LastUpdated in the resource cannot be in the future.', 'future', undefined],
    ['Conditional reference is not supported for $import in InitialLoad.', 'invalid', undefined],
    ['The resource is too large.', 'tooLarge', undefined],
    ["Type checking the data: Encountered unknown element 'foo' at location", 'invalid', undefined],
    ['', 'unknown', undefined],
  ] as const)
    it(`says ${reason}: ${text}`, () => {
      assert.deepEqual(readRefusal(refusal(text)), { reason, id, place: { line: 4, offset: 0 } });
    });

  it('that is something else is unknown', () => {
    for (const text of [
      '',
      'x',
      '{}',
      'null',
      '[]',
      '{"resourceType":"OperationOutcome","issue":[]}',
      '{"resourceType":"OperationOutcome","issue":[5]}',
      '{"resourceType":"Patient"}',
      '{"__proto__":{"x":1}}',
    ])
      assert.equal(readRefusal(text).reason, 'unknown');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => readRefusal(text).reason === 'unknown'));
  });
});

describe('Refused lines', () => {
  const resource = (id: string, version: number, deleted = false) =>
    JSON.stringify({
      resourceType: 'Patient',
      id,
      meta: {
        versionId: String(version),
        lastUpdated: `2026-01-0${version}T00:00:00.5Z`,
        ...(deleted
          ? {
              extension: [
                { url: 'http://azurehealthcareapis.com/data-extensions/deleted-state', valueString: 'soft-deleted' },
              ],
            }
          : {}),
      },
      name: [{ family: 'Canary' }],
    });
  const inputUrl = `${blobEndpoint}/migration/f/Patient-1-1.ndjson`;
  const url = `${blobEndpoint}/errors/Patient17_18.ndjson`;
  const input = [
    resource('p1', 1),
    resource('p2', 2),
    resource('p3', 3, true),
    resource('p4', 4),
    resource('p5', 5),
  ].join('\r\n');
  const read = (
    errors: string,
    count: number,
    more: { input?: string | undefined; url?: string; inputUrl?: string } = {},
  ) => {
    const content = 'input' in more ? more.input : input;
    const blobs = {
      'errors/Patient17_18.ndjson': errors,
      ...(content === undefined ? {} : { 'migration/f/Patient-1-1.ndjson': content }),
    };
    const { staging, http, log } = fakeAccount(serveBlobs(blobs));
    return {
      work: all<RefusedLine>(
        staging.refusedLines(
          { url: more.url ?? url, inputUrl: more.inputUrl ?? inputUrl, type: 'Patient', count },
          never,
        ),
      ),
      http,
      log,
    };
  };
  const at = (day: number) => Date.parse(`2026-01-0${day}T00:00:00.5Z`);

  it('are found by line in the first work unit', async () => {
    const errors = [
      refusal('Failed to import duplicate resource, resource id: p2, line: 2', 2),
      refusal('LastUpdated in the resource cannot be in the future.', 3),
    ].join('\n');
    assert.deepEqual(await read(errors, 2).work, [
      {
        reason: 'duplicate',
        type: 'Patient',
        id: 'p2',
        versionId: '2',
        lastUpdated: at(2),
        deleted: false,
        place: { line: 2, offset: 0 },
      },
      {
        reason: 'future',
        type: 'Patient',
        id: 'p3',
        versionId: '3',
        lastUpdated: at(3),
        deleted: true,
        place: { line: 3, offset: 0 },
      },
    ]);
  });

  it('are found by line and offset in a later unit, which leaves out the line that it starts in', async () => {
    const offset = Buffer.byteLength(resource('p1', 1)) + 20;
    const errors = refusal('Failed to import resource with version conflict, resource id: p4, line: 2', 2, offset);
    assert.deepEqual((await read(errors, 1).work)[0], {
      reason: 'conflict',
      type: 'Patient',
      id: 'p4',
      versionId: '4',
      lastUpdated: at(4),
      deleted: false,
      place: { line: 2, offset },
    });
  });

  it('prove nothing when another resource stands there', async () => {
    const errors = refusal('Failed to import duplicate resource, resource id: other, line: 2', 2);
    assert.deepEqual(await read(errors, 1).work, [{ reason: 'duplicate', type: 'Patient', id: 'other' }]);
  });

  it('are as many as the server counted, known or not', async () => {
    for (const errors of [
      '',
      'garbage\n\u0000\n',
      `${'x'.repeat(200_000)}\n`,
      refusal('Resource type not match.', 99),
    ]) {
      const lines = await read(errors, 3).work;
      assert.equal(lines.length, 3);
      assert.ok(lines.every(({ versionId }) => versionId === undefined));
      assert.equal(lines[2]?.reason, 'unknown');
    }
    assert.equal((await read(`${refusal('x')}\n`.repeat(10), 2).work).length, 2);
  });

  it('are unknown when files are gone, and the log says so without names', async () => {
    const gone = read('', 2, { url: `${blobEndpoint}/errors/other.ndjson` });
    assert.deepEqual(
      (await gone.work).map(({ reason }) => reason),
      ['unknown', 'unknown'],
    );
    assert.ok(gone.log.lines.some(({ level }) => level === 'warn'));
    const noInput = read(refusal('Failed to import duplicate resource, resource id: p2, line: 2', 2), 1, {
      input: undefined,
    });
    assert.deepEqual(await noInput.work, [{ reason: 'duplicate', type: 'Patient', id: 'p2' }]);
    assert.doesNotMatch(JSON.stringify([gone.log.lines, noInput.log.lines]), /Patient17|p2|Canary/);
  });

  it('are looked for only inside the account', async () => {
    const outside = read('', 1, { url: 'https://evil.example/errors/Patient17_18.ndjson' });
    assert.equal((await failureOf(outside.work)).kind, 'unexpectedAnswer');
    const input = read(refusal('x', 1), 1, { inputUrl: 'https://127.0.0.1/migration/x.ndjson' });
    assert.equal((await failureOf(input.work)).kind, 'unexpectedAnswer');
    assert.ok([...outside.http.sent, ...input.http.sent].every((sent) => sent.url.origin === blobEndpoint));
  });

  it('are read in ranges, no further than the last one', async () => {
    const filler = `${resource('x', 1)}\n`;
    const big = `${resource('p1', 1)}\n${filler.repeat(Math.ceil((9 * 1_048_576) / filler.length))}`;
    const { work, http } = read(refusal('Failed to import duplicate resource, resource id: p1, line: 1', 1), 1, {
      input: big,
    });
    assert.equal((await work)[0]?.versionId, '1');
    const ranges = http.sent
      .filter((sent) => sent.url.pathname.startsWith('/migration'))
      .map(({ headers }) => headers['x-ms-range']);
    assert.deepEqual(ranges, ['bytes=0-4194303']);
  });
});
