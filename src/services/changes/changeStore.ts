import { appendFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { RememberedChange } from '../../compare/changes/remembered.ts';
import { errorCode, fileFailure } from '../../engine/journal/fileErrors.ts';
import { fileMode, folderMode } from '../../engine/journal/durableFile.ts';

const text = v.string();
const edit = v.object({ path: v.array(text), value: v.optional(v.unknown()) });
const tenantId = v.optional(text);
const named = { id: text, title: text };
const holder = v.union([
  v.object({ principalId: text, principalType: v.optional(v.picklist(['ServicePrincipal', 'User', 'Group'])) }),
  v.object({ identityOf: text }),
]);
const change = v.variant('kind', [
  v.object({
    kind: v.literal('settings'),
    ...named,
    resourceId: text,
    resourceName: text,
    tenantId,
    edits: v.array(edit),
    before: v.array(edit),
  }),
  v.object({
    kind: v.literal('role'),
    ...named,
    scope: text,
    scopeName: text,
    tenantId,
    roleDefinitionId: text,
    holder,
    holderName: text,
  }),
  v.object({
    kind: v.literal('container'),
    ...named,
    accountName: text,
    blobEndpoint: text,
    tenantId,
    container: text,
  }),
  v.object({
    kind: v.literal('eventSubscription'),
    ...named,
    resourceId: text,
    name: text,
    scopeName: text,
    tenantId,
    properties: v.record(text, v.unknown()),
  }),
]);
const schema = v.object({
  id: text,
  at: v.number(),
  pair: v.object({ source: text, target: text }),
  change,
  state: v.picklist(['started', 'done', 'failed', 'undone']),
  assignment: v.optional(text),
});

/** Where changes are remembered: a file of records, one a line, only ever added to. */
export interface ChangeStore {
  /** Resolves once the record is on the disk. @throws FailureError `journal` or `diskFull` */
  add(record: RememberedChange): Promise<void>;
  /** Every record, the oldest first; lines that cannot be read are left out. */
  all(): Promise<readonly RememberedChange[]>;
}

/** The store in a file that is made with its folder at the first record. */
export function openChangeStore(path: string): ChangeStore {
  return {
    async add(record) {
      try {
        await mkdir(dirname(path), { recursive: true, mode: folderMode });
        // The line before may have been torn by a crash: it must not take this one along.
        await appendFile(path, `\n${JSON.stringify(record)}\n`, { mode: fileMode });
        const handle = await open(path, 'r+');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      } catch (error) {
        throw fileFailure(error, 'remember what is changed');
      }
    },
    async all() {
      let lines: readonly string[];
      try {
        lines = (await readFile(path, 'utf8')).split('\n');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return [];
        throw fileFailure(error, 'read what was changed');
      }
      return lines.flatMap((line) => recordIn(line));
    },
  };
}

function recordIn(line: string): readonly RememberedChange[] {
  if (line === '') return [];
  try {
    const read = v.safeParse(schema, JSON.parse(line));
    return read.success ? [read.output as RememberedChange] : [];
  } catch {
    // The last line may be torn by a crash; the change itself is then still to be seen at Azure.
    return [];
  }
}
