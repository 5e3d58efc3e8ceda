import type { SearchQuery } from '../../fhir/queryAnswer.ts';

/** One search of a queries file. */
export interface Query extends SearchQuery {
  /** Counted from 1. */
  readonly line: number;
}

export interface QueryProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** How the name of a file of searches ends. */
export const queriesFileEnding = '.fhirqueries';

/** More are no list that somebody reads. */
const maxQueries = 1_000;
const maxLineLength = 8_000;

const type = '[A-Z][A-Za-z]{1,63}';
/** A search over all types, of a type or in a compartment, a read, or everything of a patient. */
const pathPattern = new RegExp(`^(?:${type}(?:/[A-Za-z0-9.-]{1,64}(?:/(?:${type}|\\*|\\$everything))?)?)?$`);

/**
 * Reads a file of searches: one to a line, relative to the service, with or without `GET` before it. Empty lines and
 * lines that begin with `#` or `//` say nothing.
 */
export function parseQueries(text: string): {
  readonly queries: readonly Query[];
  readonly problems: readonly QueryProblem[];
} {
  const queries: Query[] = [];
  const problems: QueryProblem[] = [];
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const words = raw.replace(/^\uFEFF/, '').trim();
    if (words === '' || words.startsWith('#') || words.startsWith('//')) continue;
    if (queries.length === maxQueries) {
      problems.push({ line, message: `A file holds at most ${maxQueries} searches.` });
      break;
    }
    const read = readLine(words);
    if (typeof read === 'string') problems.push({ line, message: read });
    else queries.push({ line, ...read });
  }
  return { queries, problems };
}

/** A search as it is written in a file. */
export function queryText({ path, parameters }: SearchQuery): string {
  const query = parameters.map(([name, value]) => `${name}=${value}`).join('&');
  return `${path}${query === '' ? '' : `?${query}`}`;
}

/** The search, or what is wrong with it. */
function readLine(words: string): SearchQuery | string {
  if (words.length > maxLineLength) return `A search has at most ${maxLineLength} characters.`;
  const method = /^(POST|PUT|PATCH|DELETE|HEAD)\s/i.exec(words)?.[1];
  if (method !== undefined) return `Only searches are run, not ${method.toUpperCase()}.`;
  const address = words.replace(/^GET\s+/i, '').replace(/^\/(?!\/)/, '');
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address))
    return 'Write the search relative to the service, for example Patient?name=smith.';
  if (/\s/.test(address)) return 'A search has no blanks; write %20.';
  const mark = address.indexOf('?');
  const path = mark < 0 ? address : address.slice(0, mark);
  if (!pathPattern.test(path) || /(?:^|\/)\.+(?:\/|$)/.test(path))
    return 'This is no search of a type, of all types, or in a compartment.';
  const query = mark < 0 ? '' : address.slice(mark + 1);
  if (path === '' && query === '') return 'A search over all types needs parameters.';
  try {
    return {
      path,
      parameters:
        query === ''
          ? []
          : query
              .split('&')
              .filter((part) => part !== '')
              .map(parameterOf),
    };
  } catch {
    return 'A parameter is not encoded as addresses are: % must be written %25.';
  }
}

function parameterOf(part: string): readonly [string, string] {
  const equals = part.indexOf('=');
  const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
  return [decodeURIComponent(name), decodeURIComponent(value)];
}
