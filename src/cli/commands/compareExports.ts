import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { quoteNumbers } from '../../fhir/exactJson.ts';
import { canonicalText } from '../../verify/canonical.ts';
import { compareLines } from '../../verify/compareLines.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { type Session, UsageError } from '../session.ts';

/**
 * Compares two exports that lie in local folders, type by type, without asking any service: 0 when they hold the same,
 * 1 when not.
 */
export function compareExports({ output }: Session, left: string, right: string): ExitCode {
  const [ours, theirs] = [filesByType(left), filesByType(right)];
  const types = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  if (types.length === 0) throw new UsageError('Neither folder holds exported files, such as Patient-1-1.ndjson.');
  let apart = 0;
  const rows = types.map((type) => {
    const found = compareLines(linesOf(ours.get(type) ?? []), linesOf(theirs.get(type) ?? []), canonical);
    const { equal, differs, missing, extra, unreadable } = found;
    for (const [kind, ids] of Object.entries({ differs, missing, extra }))
      for (const id of ids) output.record(kind, { type, id });
    output.record('compared', { type, equal, differs: differs.length, missing: missing.length, extra: extra.length });
    apart += differs.length + missing.length + extra.length + unreadable;
    return [type, equal, differs.length, missing.length, extra.length, unreadable];
  });
  for (const line of table(['type', 'equal', 'differs', 'missing', 'extra', 'unreadable'], rows)) output.line(line);
  output.line(apart === 0 ? 'EQUAL' : 'DIFFERENT');
  return apart === 0 ? exitCodes.success : exitCodes.needsAttention;
}

const canonical = (line: string): string => canonicalText(JSON.parse(quoteNumbers(line)) as Record<string, unknown>);

/** Exported files below a folder by the type in their names. */
function filesByType(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${folder} is not a folder.`);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const type = /^([A-Z][A-Za-z]+)[-.].*ndjson$/.exec(basename(entry))?.[1];
    if (type !== undefined) found.set(type, [...(found.get(type) ?? []), join(folder, entry)]);
  }
  return found;
}

/** Lines of files one after the other; one file is in memory at a time. */
function* linesOf(files: readonly string[]): Generator<string, void> {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const line = text.slice(at, end === -1 ? text.length : end).replace(/\r$/, '');
      if (line.trim() !== '') yield line;
      at = end === -1 ? text.length : end + 1;
    }
  }
}
