import type { BlobAccount } from '../../blob/blobAccount.ts';
import type { MergeRefusals } from './merge.ts';
import type { RefusedLine } from './importLine.ts';

/** Gathers the lines that a work unit could not load and writes them to its error file. */
export class UnitErrors {
  /** Where the unit begins in its file, in bytes. */
  readonly #offset: number;
  #lines: string[] = [];

  constructor(offset: number) {
    this.#offset = offset;
  }

  get count(): number {
    return this.#lines.length;
  }

  addRefused({ index, error }: RefusedLine): void {
    this.#lines.push(
      JSON.stringify({
        resourceType: 'OperationOutcome',
        issue: [
          {
            severity: 'error',
            details: { text: error },
            diagnostics: `Failed to process resource at line: ${index} with stream start offset: ${this.#offset}`,
          },
        ],
      }),
    );
  }

  addRefusals({ duplicates, conflicts }: MergeRefusals): void {
    for (const { index, id } of duplicates) {
      this.addRefused({ index, error: `Failed to import duplicate resource, resource id: ${id}, line: ${index}` });
    }
    for (const { index, id } of conflicts) {
      const error = `Failed to import resource with version conflict, resource id: ${id}, line: ${index}`;
      this.addRefused({ index, error });
    }
  }

  /** Writes the file and returns its address; undefined without errors. */
  async write(account: BlobAccount, container: string, name: string): Promise<string | undefined> {
    if (this.#lines.length === 0) return undefined;
    const writer = account.writer(container, name);
    for (const line of this.#lines) await writer.add(`${line}\n`);
    this.#lines = [];
    await writer.commit();
    return writer.url;
  }
}
