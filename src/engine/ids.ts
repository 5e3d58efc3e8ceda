declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One source → target job. Letters, digits and dashes, safe as a folder or blob name. */
export type MigrationId = Branded<'MigrationId'>;
/** One window of a migration, for example `w0012`; parts of a split window are `w0012.1`, `w0012.2`. */
export type WindowId = Branded<'WindowId'>;
/** One asynchronous server job as the journal knows it, for example `e0012-2` (second attempt) or `i0007-1`. */
export type OperationId = Branded<'OperationId'>;
/** Name of a document kept beside the journal: a manifest, a list of import files, a result. */
export type AttachmentName = Branded<'AttachmentName'>;

export const migrationId = (text: string): MigrationId => text as MigrationId;
export const windowId = (text: string): WindowId => text as WindowId;
export const operationId = (text: string): OperationId => text as OperationId;
export const attachmentName = (text: string): AttachmentName => text as AttachmentName;

/** Id of a window that was planned as a whole, by its number from 1. */
export function numberedWindow(number: number): WindowId {
  return windowId(`w${String(number).padStart(4, '0')}`);
}

/** Id of an import: its number among the imports of the migration, and which attempt at its files it is. */
export function importId(number: number, attempt: number): OperationId {
  return operationId(`i${String(number).padStart(4, '0')}-${attempt}`);
}

/** The number in an import's id; 0 in any other text. */
export function importNumber(id: OperationId): number {
  return Number(/^i(\d+)-/.exec(id)?.[1] ?? 0);
}
