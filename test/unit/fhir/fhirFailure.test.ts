import assert from 'node:assert/strict';
import { count } from '../../../src/fhir/count.ts';
import { exportStatus } from '../../../src/fhir/exportStatus.ts';
import type { FailureKind } from '../../../src/failure/failure.ts';
import { type FakeAnswer, failureOf, never } from '../http/fakeHttp.ts';
import { deprecated, endpoint, fakeFhir, outcome } from './fakeFhir.ts';

const counting = (answer: FakeAnswer) => failureOf(count(fakeFhir([answer]).client, { of: 'current' }, never));

describe('An error answer of a FHIR service becomes a failure', () => {
  const rows: readonly (readonly [name: string, answer: FakeAnswer, kind: FailureKind, says: RegExp])[] = [
    ['400', { status: 400, json: outcome('invalid', 'The "_foo" parameter is not supported.') }, 'rejected', /_foo/],
    ['401', { status: 401, json: outcome('login', 'Authentication failed.') }, 'notSignedIn', /Sign in/],
    [
      '403 without the role',
      { status: 403, json: outcome('forbidden', 'Authorization failed.') },
      'forbidden',
      /FHIR Data Reader/,
    ],
    [
      '403 for a search feature',
      { status: 403, json: outcome('not-supported', 'estimate is not supported') },
      'rejected',
      /estimate/,
    ],
    ['403 for a bad value', { status: 403, json: outcome('invalid', 'Sorting by this') }, 'rejected', /Sorting/],
    ['403 of a firewall, as a page', { status: 403, body: '<html>blocked</html>' }, 'forbidden', /403/],
    ['404', { status: 404, json: outcome('not-found', 'The requested route was not found.') }, 'notFound', /route/],
    [
      '405',
      { status: 405, json: outcome('not-supported', 'The requested operation is not supported.') },
      'rejected',
      /not supported/,
    ],
    ['406', { status: 406, json: outcome('not-supported', 'format') }, 'rejected', /406/],
    ['408', { status: 408, json: outcome('timeout', 'Cosmos DB request timed out') }, 'unavailable', /timed out/],
    ['409', { status: 409, json: outcome('conflict', 'conflict') }, 'conflict', /409/],
    [
      '410 of a deleted resource',
      { status: 410, json: { resourceType: 'OperationOutcome', issue: [] } },
      'notFound',
      /410/,
    ],
    ['410 of a deprecated service', deprecated, 'retired', /no longer accepts normal workloads/],
    ['412', { status: 412, json: outcome('required', 'If-Match') }, 'conflict', /If-Match/],
    ['413', { status: 413, json: outcome('too-costly', 'Document too large') }, 'tooLarge', /shorter window/],
    [
      'an out-of-memory text',
      { status: 500, json: outcome('exception', 'The FHIR Server ran out of memory while processing an export job.') },
      'tooLarge',
      /ran out of memory/,
    ],
    [
      '423, which is no OperationOutcome',
      {
        status: 423,
        json: { severity: 'Error', code: 'Locked', diagnostics: 'Service is locked for initial import mode.' },
      },
      'locked',
      /initialImportMode: false/,
    ],
    ['424', { status: 424, json: outcome('exception', 'could not be configured') }, 'rejected', /configured/],
    [
      '429',
      { status: 429, headers: { 'x-ms-retry-after-ms': '1500' }, json: outcome('throttled', 'too many') },
      'throttled',
      /1500/,
    ],
    [
      '500',
      { status: 500, json: outcome('exception', 'There was an error processing your request.') },
      'serverError',
      /error processing/,
    ],
    ['502 of a gateway, as a page', { status: 502, body: '<html><h1>Bad gateway</h1></html>' }, 'unavailable', /502/],
    ['503', { status: 503, json: outcome('processing', 'Service unavailable') }, 'unavailable', /Try again later/],
    ['504', { status: 504 }, 'unavailable', /504/],
    [
      'a web page of a captive portal',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' },
      'unexpectedAnswer',
      /web page/,
    ],
    ['JSON that is not FHIR', { status: 200, json: { hello: 'Canary' } }, 'unexpectedAnswer', /resourceType/],
    ['broken JSON', { status: 200, body: '{"resourceType":"Bundle"' }, 'unexpectedAnswer', /complete JSON/],
    ['nothing', { status: 200 }, 'unexpectedAnswer', /empty/],
    ['an unexpected success', { status: 204 }, 'unexpectedAnswer', /204/],
  ];
  for (const [name, answer, kind, says] of rows)
    it(name, async () => {
      const failure = await counting(answer);
      assert.equal(failure.kind, kind);
      assert.match(JSON.stringify(failure), says);
      assert.equal(failure.service, 'contoso');
      assert.equal(failure.request, 'GET ?_summary=count');
      assert.doesNotMatch(JSON.stringify(failure), /Canary/);
    });

  it('carries request id, code and advice', async () => {
    const failure = await counting({
      status: 429,
      headers: { 'retry-after': '2', 'x-request-id': 'r-9' },
      json: outcome('throttled', 'x'),
    });
    assert.deepEqual([failure.requestId, failure.code, failure.retryAfterMs], ['r-9', 'throttled', 2_000]);
  });

  it('never holds ids, tokens or markup of unbounded length', async () => {
    const failure = await counting({
      status: 400,
      json: {
        resourceType: 'OperationOutcome',
        issue: Array.from({ length: 5_000 }, (_, n) => ({
          severity: 'error',
          code: 'invalid',
          diagnostics: `${n} Patient/canary-id eyJcanary.eyJcanary.sig resource id: canary, <script>${'x'.repeat(10_000)}`,
        })),
      },
    });
    assert.doesNotMatch(JSON.stringify(failure), /canary/);
    assert.ok(JSON.stringify(failure).length < 10_000);
    assert.ok((failure.diagnostics?.length ?? 0) <= 10);
  });

  it('reads odd outcomes without falling over', async () => {
    for (const issue of [
      null,
      'x',
      [],
      [null],
      [1],
      [{ details: 1 }],
      [{ diagnostics: 5 }],
      [{ details: { coding: 'x' } }],
      {},
    ])
      assert.equal(
        (await counting({ status: 400, json: { resourceType: 'OperationOutcome', issue } })).kind,
        'rejected',
      );
  });

  it('tells a failed job from a request that failed', async () => {
    const reason =
      'export operation failed for reason: This request is not authorized to perform this operation using this permission.';
    const { client, http } = fakeFhir([{ status: 403, json: outcome('processing', reason) }]);
    const status = await exportStatus(client, `${endpoint}/_operations/export/1`, never);
    assert.equal(status.state, 'failed');
    assert.match(status.failure.nextStep ?? '', /managed identity.*Storage Blob Data Contributor/);
    assert.equal(http.sent.length, 1);
    const own = fakeFhir([{ status: 403, json: outcome('forbidden', 'Authorization failed.') }]).client;
    const failure = await failureOf(exportStatus(own, `${endpoint}/_operations/export/1`, never));
    assert.match(failure.nextStep ?? '', /FHIR Data Exporter/);
  });
});
