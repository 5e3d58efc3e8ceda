import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { fhirFailure } from '../../src/fhir/fhirFailure.ts';
import { parseJson } from '../../src/fhir/readAnswer.ts';
import { createConnection, type HttpRequest } from '../../src/http/connection.ts';
import type { Failure } from '../../src/failure/failure.ts';
import { scripted } from '../unit/engine/simulation/script.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import { type FakeAnswer, failureOf, fakeClock, fakeHttp, fakeTokens, never } from '../unit/http/fakeHttp.ts';
import { driveToEnd } from './driveToEnd.ts';

const body = JSON.stringify({ resourceType: 'Bundle', total: 12_345, note: 'x'.repeat(4_000) });
const poll: HttpRequest = {
  method: 'GET',
  path: '/_operations/export/7',
  template: '/_operations/export/{id}',
  retry: 'idempotent',
  // Of an answer that does not move at all.
  deadlineMs: 100,
};

/** Asks as the client of a FHIR service does. */
async function ask(answer: () => FakeAnswer | Promise<FakeAnswer>): Promise<unknown> {
  const connection = createConnection({
    name: 'contoso',
    endpoint: 'https://contoso.azurehealthcareapis.com',
    auth: { tokens: fakeTokens(), audience: 'https://contoso.azurehealthcareapis.com' },
    userAgent: 'agent',
    correlationHeader: 'x-correlation-id',
    httpClient: fakeHttp(() => answer()),
    clock: fakeClock(),
    nameProbe: () => Promise.resolve(false),
    attempts: 2,
  });
  const attempted = { tried: 'Asking for the status of an export' };
  const answered = await connection.send(poll, never);
  if (answered.status >= 400) throw fhirFailure(answered, attempted);
  return parseJson(answered, attempted);
}

/** A body in pieces, with a pause before each; `end`: what comes after the last one. */
function pieces(size: number, pauseMs: number, upTo: number, end: 'end' | 'reset' | 'silence'): FakeAnswer {
  async function* flow(): AsyncGenerator<Buffer> {
    for (let at = 0; at < upTo; at += size) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      yield Buffer.from(body.slice(at, Math.min(upTo, at + size)));
    }
    if (end === 'reset') throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    if (end === 'silence') await new Promise((resolve) => setTimeout(resolve, 400).unref());
  }
  return { headers: { 'content-length': String(body.length) }, body: Readable.from(flow()) };
}

const harmless: readonly (readonly [string, () => FakeAnswer | Promise<FakeAnswer>])[] = [
  ['latency', () => new Promise((resolve) => setTimeout(() => resolve({ body }), 50))],
  ['slicer', () => pieces(7, 0, body.length, 'end')],
  ['bandwidth of a few KB/s', () => pieces(500, 30, body.length, 'end')],
];

/** `unsent`: the service never hears of the request; otherwise it may have acted before the answer went astray. */
const harmful: readonly (readonly [string, () => FakeAnswer | Promise<FakeAnswer>, 'unsent'?])[] = [
  ['slow_close before the end', () => pieces(1_000, 0, 2_000, 'silence')],
  ['timeout', () => new Promise<FakeAnswer>(() => undefined)],
  ['reset_peer', () => pieces(1_000, 0, 2_000, 'reset')],
  ['limit_data', () => pieces(1_000, 0, 2_000, 'end')],
  ['DNS flap', () => ({ error: 'EAI_AGAIN' }), 'unsent'],
  ['names that are not found', () => ({ error: 'ENOTFOUND' }), 'unsent'],
  [
    'captive portal that redirects',
    () => ({ status: 302, headers: { location: 'https://portal.example/login' } }),
    'unsent',
  ],
  [
    'captive portal that answers',
    () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }),
    'unsent',
  ],
  ['proxy with an unknown certificate', () => ({ error: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'unsent'],
  ['proxy that refuses', () => ({ status: 502, body: '<html>Bad gateway</html>' })],
];

const ours = new Set(['append', 'attach', 'snapshot']);
const runs = 100;

/** A migration of which one request in twenty-five meets the toxic, until people have had enough of it. */
async function migrate(seed: number, failure: Failure, mayAct: boolean): Promise<void> {
  const random = seeded(seed);
  const world = scripted({
    seed,
    flavour: seed % 2 === 0 ? 'ahds' : 'azureApiForFhir',
    resources: 10,
    changes: 3,
    plan: { limits: { windowDays: 60 } },
    trouble: ({ name, number }) => {
      if (ours.has(name) || number > 500 || random() > 0.04) return undefined;
      return mayAct && random() < 0.5 ? { kind: 'lostReply', failure } : { kind: 'refuse', failure };
    },
  });
  await driveToEnd(world);
}

describe('a network that', () => {
  for (const [name, answer] of harmless) {
    it(`has ${name} gives every answer whole`, async () => {
      assert.deepEqual(await ask(answer), JSON.parse(body));
    });
  }

  for (const [name, answer, unsent] of harmful) {
    it(`has ${name} ends every request in time, and a hundred migrations with everything there once`, async () => {
      const failure = await failureOf(ask(answer));
      assert.doesNotMatch(JSON.stringify(failure), /token-|xxxx/);
      for (let seed = 1; seed <= runs; seed += 1) {
        try {
          await migrate(seed, failure, unsent === undefined);
        } catch (error) {
          throw new Error(`${failure.kind} ${failure.code ?? ''}, seed ${seed}`, { cause: error });
        }
      }
    }).timeout(60_000);
  }
});
