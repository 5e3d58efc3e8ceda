import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { type Failure, FailureError } from '../failure/failure.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { type NameProbe, networkFailure } from './networkFailure.ts';
import { factsOf, type RequestFacts } from './requestFacts.ts';
import { hostOf } from './serviceBase.ts';

/** A body that brings nothing for this long is given up. */
const stalledMs = 60_000;
/** 256 MB at 3.5 Mbit/s. */
const longestBodyMs = 600_000;
const everyStatus: ReadonlySet<number> = new Set([Number.POSITIVE_INFINITY]);

/**
 * Reads the body while counting, gives up at the limit or the deadline, and closes the connection of whatever was not
 * read to its end. What goes wrong on the way becomes a FailureError.
 */
export function bodyPolicy(service: string, nameProbe: NameProbe): PipelinePolicy {
  return {
    name: 'body',
    async sendRequest(request, next) {
      const facts = factsOf(request);
      const caller = request.abortSignal as AbortSignal;
      const about = { service, request: `${request.method} ${facts.template}` };
      if (isAborted(caller)) throw cancelled(about);
      const attempt = new AbortController();
      const stop = () => attempt.abort();
      const deadline = createDeadline(stop);
      deadline.arm(facts.deadlineMs);
      caller.addEventListener('abort', stop, { once: true });
      const stopped = new Promise<never>((_resolve, reject) => {
        attempt.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      });
      stopped.catch(() => undefined);
      request.abortSignal = attempt.signal;
      request.streamResponseStatusCodes = new Set(everyStatus);
      let complete = false;
      try {
        const response = await Promise.race([next(request), stopped]);
        const bodyAsText = await Promise.race([readBody(response, facts, about, deadline), stopped]);
        complete = true;
        return { request, status: response.status, headers: response.headers, bodyAsText };
      } catch (error) {
        if (isAborted(caller)) throw cancelled(about);
        if (deadline.passed)
          throw new FailureError({
            ...about,
            kind: 'network',
            code: 'DEADLINE',
            message: `${hostOf(request.url)} did not answer within ${Math.round(facts.deadlineMs / 1_000)} seconds.`,
            nextStep: 'Check the network connection and the health of the service.',
          });
        throw await networkFailure(error, { ...about, host: hostOf(request.url), nameProbe });
      } finally {
        deadline.clear();
        caller.removeEventListener('abort', stop);
        request.abortSignal = caller;
        if (!complete) stop();
      }
    },
  };
}

type About = Pick<Failure, 'service' | 'request'>;

/** Asked anew each time: the compiler takes the property for constant. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function cancelled(about: About): FailureError {
  return new FailureError({ ...about, kind: 'cancelled', message: 'Cancelled.' });
}

async function readBody(
  response: PipelineResponse,
  facts: RequestFacts,
  about: About,
  deadline: Deadline,
): Promise<string> {
  const refuse = (why: string) =>
    new FailureError({
      ...about,
      kind: 'unexpectedAnswer',
      status: response.status,
      message: `${about.service ?? 'The service'} sent an answer that ${why}.`,
    });
  const tooLarge = () => refuse(`is larger than the limit of ${Math.round(facts.maxBytes / 1_048_576)} MB`);
  // Compression was not asked for, so a compressed answer is a mistake or a bomb.
  const encoding = response.headers.get('content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw refuse('is compressed without being asked');
  if (Number(response.headers.get('content-length') ?? 0) > facts.maxBytes) throw tooLarge();
  if (response.readableStreamBody === undefined) {
    const text = response.bodyAsText ?? '';
    if (Buffer.byteLength(text) > facts.maxBytes) throw tooLarge();
    return text;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A large body may take its time as long as it moves: each part has a deadline, and so has the whole.
  const latest = Date.now() + longestBodyMs;
  const rearm = () => deadline.arm(Math.max(0, Math.min(facts.deadlineMs, stalledMs, latest - Date.now())));
  rearm();
  for await (const chunk of response.readableStreamBody) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += buffer.length;
    if (bytes > facts.maxBytes) throw tooLarge();
    chunks.push(buffer);
    rearm();
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}
