import { attachmentName, type AttachmentName } from '../ids.ts';
import { journalFailure } from './fileErrors.ts';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
const ending = '.json';

/** File or blob of a document beside a journal. Throws `journal` for a name that leads elsewhere. */
export function attachmentFile(name: AttachmentName): string {
  if (!isName(name)) {
    throw journalFailure('The journal names a document in an impossible way.', 'Restore the journal.');
  }
  return `${name}${ending}`;
}

/** The documents among these files or blobs. */
export function attachmentsIn(files: readonly string[]): readonly AttachmentName[] {
  return files
    .filter((file) => file.endsWith(ending) && isName(file.slice(0, -ending.length)))
    .map((file) => attachmentName(file.slice(0, -ending.length)));
}

const isName = (name: string): boolean => pattern.test(name) && !name.includes('..');
