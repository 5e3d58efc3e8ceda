import type { Fault } from './contract.ts';
import type { HttpAnswer } from './http.ts';

interface ArmedFault {
  readonly fault: Fault;
  readonly path: RegExp;
  skip: number;
  left: number;
}

/** The faults that wait for requests. One request meets at most one fault: the oldest that matches and is not used up. */
export class RouteFaults {
  #armed: ArmedFault[] = [];

  /** Throws SyntaxError when the path is not a regular expression. */
  add(fault: Fault): void {
    this.#armed.push({ fault, path: new RegExp(fault.path), skip: fault.skip ?? 0, left: fault.count });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Faults not used up yet, with what is left of them. */
  pending(): readonly (Fault & { readonly left: number })[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, left }));
  }

  /** The effect on this request, which is counted as used. */
  take(service: string, method: string, pathAndQuery: string): Fault['effect'] | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.service !== '*' && fault.service !== service) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (!armed.path.test(pathAndQuery)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      if (armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
      return fault.effect;
    }
    return undefined;
  }
}

/** The answer that a fault gives in place of the handler's; undefined when the request is to be handled. */
export function answerInstead(effect: Fault['effect']): HttpAnswer | undefined {
  switch (effect.kind) {
    case 'status':
      return {
        status: effect.status,
        headers: { 'content-type': 'application/json; charset=utf-8', ...effect.headers },
        body: effect.body ?? '',
      };
    case 'redirect':
      return { status: effect.status ?? 302, headers: { location: effect.location } };
    case 'drop':
    case 'lostReply':
    case 'truncate':
    case 'slow':
    case 'hugeBody':
      return undefined;
  }
}

/** That many bytes of a JSON text that never comes to an end. */
export async function* endlessJson(bytes: number): AsyncGenerator<Uint8Array> {
  const start = Buffer.from('{"resourceType":"Bundle","id":"');
  const chunk = Buffer.alloc(65_536, 'a');
  let left = bytes;
  if (left > 0) yield start.subarray(0, Math.min(left, start.length));
  left -= start.length;
  while (left > 0) {
    yield chunk.subarray(0, Math.min(left, chunk.length));
    left -= chunk.length;
    // Lets other requests in between: a fast reader would otherwise keep the loop for itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
