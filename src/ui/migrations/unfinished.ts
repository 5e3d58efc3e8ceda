import * as v from 'valibot';

/** A folder of small files, one for each migration that this machine drives: the shape that tests replace. */
export interface MarkerFiles {
  names(): Promise<readonly string[]>;
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  remove(name: string): Promise<void>;
}

const marker = v.object({ name: v.string(), source: v.string(), target: v.string() });
export type Marker = v.InferOutput<typeof marker> & { readonly id: string };

/**
 * Marks of the migrations that were being driven, so that the start of the editor finds out with one look at a folder
 * whether something was interrupted, without loading what could resume it.
 */
export class UnfinishedMarkers {
  readonly #files: MarkerFiles;
  /** Writes and removals of one marker happen in the order in which they were asked for. */
  #queue: Promise<void> = Promise.resolve();

  constructor(files: MarkerFiles) {
    this.#files = files;
  }

  async list(): Promise<readonly Marker[]> {
    const found: Marker[] = [];
    for (const name of await this.#files.names()) {
      const id = /^([A-Za-z0-9-]{1,100})\.json$/.exec(name)?.[1];
      if (id === undefined) continue;
      const read = await this.#files.read(name).then(parse, () => undefined);
      found.push({ id, ...(read ?? { name: id, source: '', target: '' }) });
    }
    return found;
  }

  set({ id, ...content }: Marker): Promise<void> {
    return this.#then(() => this.#files.write(`${id}.json`, JSON.stringify(content)));
  }

  clear(id: string): Promise<void> {
    return this.#then(() => this.#files.remove(`${id}.json`));
  }

  #then(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    // A marker that cannot be written costs an offer to resume, nothing more: the journal is the truth.
    this.#queue = done.catch(() => undefined);
    return this.#queue;
  }
}

function parse(text: string): v.InferOutput<typeof marker> | undefined {
  try {
    const parsed = v.safeParse(marker, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
