/** Hazards counted in exported lines. Counts and paths only: no content, no ids. */
export interface SampleFacts {
  readonly lines: number;
  /** Lines that are not JSON objects with a resource type. */
  readonly unreadable: number;
  /** Decimals of more than 18 digits, by path with the type first and without indexes. */
  readonly longDecimals: Readonly<Record<string, number>>;
  /** Pairs of versions of one resource whose dates are equal, and whose dates fall while versions rise. */
  readonly equalDates: number;
  readonly invertedDates: number;
  /** Most resources with one `meta.lastUpdated`, to the millisecond. */
  readonly mostInOneMillisecond: number;
  readonly largestBytes: number;
  /** Resources of 1.9 MB and more: the source takes at most 2 MB. */
  readonly nearLimit: number;
  readonly conditionalReferences: number;
  /** Resources whose id differs from another one of the type only in case. */
  readonly idsByCase: number;
  /** Lines by resource type. */
  readonly types: Readonly<Record<string, number>>;
}

/** 1.9 MB; documents of Azure API for FHIR stay below 2 MB (Microsoft Learn, fhir-features-supported). */
const nearLimitBytes = 1_900_000;

interface Version {
  readonly number: number;
  readonly date: number;
}

/** Reads exported lines one by one and counts what trips a migration. */
export class SampleReader {
  readonly #versions = new Map<string, Version[]>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #milliseconds = new Map<number, number>();
  readonly #longDecimals: Record<string, number> = {};
  readonly #types: Record<string, number> = {};
  #lines = 0;
  #unreadable = 0;
  #largest = 0;
  #nearLimit = 0;
  #conditional = 0;

  /** Takes one line of NDJSON. */
  add(line: string): void {
    if (line.trim() === '') return;
    this.#lines += 1;
    const resource = parsed(line, (path) => {
      this.#longDecimals[path] = (this.#longDecimals[path] ?? 0) + 1;
    });
    if (resource === undefined) {
      this.#unreadable += 1;
      return;
    }
    const bytes = Buffer.byteLength(line);
    this.#largest = Math.max(this.#largest, bytes);
    if (bytes >= nearLimitBytes) this.#nearLimit += 1;
    const { type, id, version, date } = resource;
    this.#types[type] = (this.#types[type] ?? 0) + 1;
    // A reference with a query is resolved by the server that stores it.
    this.#conditional += line.match(/"reference"\s*:\s*"[A-Z][A-Za-z]+\?/g)?.length ?? 0;
    if (date !== undefined) this.#milliseconds.set(date, (this.#milliseconds.get(date) ?? 0) + 1);
    if (id === undefined) return;
    const folded = `${type}/${id.toLowerCase()}`;
    this.#ids.set(folded, (this.#ids.get(folded) ?? new Set()).add(id));
    if (version === undefined || date === undefined) return;
    const key = `${type}/${id}`;
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), { number: version, date }]);
  }

  facts(): SampleFacts {
    let [equalDates, invertedDates] = [0, 0];
    for (const versions of this.#versions.values()) {
      versions.sort((a, b) => a.number - b.number);
      for (const [index, version] of versions.entries()) {
        const next = versions[index + 1];
        if (next === undefined || next.number === version.number) continue;
        if (next.date === version.date) equalDates += 1;
        else if (next.date < version.date) invertedDates += 1;
      }
    }
    return {
      lines: this.#lines,
      unreadable: this.#unreadable,
      longDecimals: { ...this.#longDecimals },
      equalDates,
      invertedDates,
      mostInOneMillisecond: [...this.#milliseconds.values()].reduce((most, count) => Math.max(most, count), 0),
      largestBytes: this.#largest,
      nearLimit: this.#nearLimit,
      conditionalReferences: this.#conditional,
      idsByCase: [...this.#ids.values()].reduce((sum, ids) => sum + (ids.size > 1 ? ids.size : 0), 0),
      types: { ...this.#types },
    };
  }
}

interface Line {
  readonly type: string;
  readonly id: string | undefined;
  readonly version: number | undefined;
  readonly date: number | undefined;
}

function parsed(line: string, longDecimal: (path: string) => void): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const resource = fields(value);
  const type = resource?.resourceType;
  if (resource === undefined || typeof type !== 'string' || !/^[A-Z][A-Za-z]{1,63}$/.test(type)) return undefined;
  // Numbers lose their digits when parsed, so only lines that hold a long one are read again with their text.
  if (/\d[\d.]{18,}/.test(line)) longDecimalPaths(line, type, longDecimal);
  const meta = fields(resource.meta);
  const date = typeof meta?.lastUpdated === 'string' ? Date.parse(meta.lastUpdated) : Number.NaN;
  const version = typeof meta?.versionId === 'string' ? Number(meta.versionId) : Number.NaN;
  return {
    type,
    id: typeof resource.id === 'string' ? resource.id : undefined,
    version: Number.isInteger(version) ? version : undefined,
    date: Number.isNaN(date) ? undefined : date,
  };
}

function longDecimalPaths(line: string, type: string, found: (path: string) => void): void {
  const path = (value: unknown, at: string): void => {
    const marked = typeof value === 'string' && value.startsWith('\u0000') ? value.slice(1) : undefined;
    if (marked !== undefined) {
      if (significantDigits(marked) > 18) found(at);
    } else if (Array.isArray(value)) for (const item of value) path(item, at);
    else for (const [key, item] of Object.entries(fields(value) ?? {})) path(item, `${at}.${key}`);
  };
  // Texts are skipped, numbers become texts with a mark that no JSON text can hold unescaped.
  const marked = line.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${token}"`,
  );
  path(JSON.parse(marked), type);
}

const significantDigits = (text: string): number => text.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|\./g, '').length;

function fields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
