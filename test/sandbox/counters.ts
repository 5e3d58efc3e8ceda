import type { RequestCounters } from './contract.ts';

/** Which part of the sandbox a request is for: `arm`, `login`, or the name of a FHIR service. */
export type RequestTarget = { readonly part: 'arm' | 'login' } | { readonly part: 'fhir'; readonly service: string };

/** The name under which faults and counters know a target. */
export function targetName(target: RequestTarget): string {
  return target.part === 'fhir' ? target.service : target.part;
}

/**
 * The kind of a request, for example `GET metadata`, `GET export status`, `POST $import`, `GET count`, `GET history`,
 * `ARM GET`, `ARM graph`, `token`. It never holds a resource id.
 */
export function kindOfRequest(target: RequestTarget, method: string, path: string, search: string): string {
  switch (target.part) {
    case 'arm':
      return /\/providers\/microsoft\.resourcegraph\//i.test(path) ? 'ARM graph' : `ARM ${method}`;
    case 'login':
      return path.endsWith('/token') ? 'token' : 'login metadata';
    case 'fhir':
      return kindOfFhirRequest(method, path, search);
  }
}

function kindOfFhirRequest(method: string, path: string, search: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [first, second] = segments;
  if (first === 'metadata') return `${method} metadata`;
  if (first === '_operations' && second !== undefined) {
    return method === 'GET' ? `GET ${second} status` : `${method} ${second}`;
  }
  const operation = segments.find((segment) => /^(\$|%24)/i.test(segment));
  if (operation !== undefined) return `${method} ${operation.replace(/^%24/i, '$')}`;
  if (/[?&]_summary=count(&|$)/.test(search)) return `${method} count`;
  if (segments.includes('_history')) return `${method} ${segments.at(-1) === '_history' ? 'history' : 'version'}`;
  if (segments.at(-1) === '_search') return `${method} search`;
  if (first === undefined) return method === 'POST' ? 'POST bundle' : `${method} search`;
  if (method === 'GET') return segments.length > 1 ? 'GET read' : 'GET search';
  return `${method} resource`;
}

/** Counts requests per service and kind. */
export class RequestCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(target: string, kind: string): void {
    const kinds = this.#counts.get(target) ?? new Map<string, number>();
    this.#counts.set(target, kinds);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }

  /** Of one service, `arm` or `login`; without a name the sum over all. */
  read(target?: string): RequestCounters {
    const sum: Record<string, number> = {};
    for (const [name, kinds] of this.#counts) {
      if (target !== undefined && name !== target) continue;
      for (const [kind, count] of kinds) sum[kind] = (sum[kind] ?? 0) + count;
    }
    return sum;
  }

  reset(): void {
    this.#counts.clear();
  }
}
