import type { HeldVersion, Instant, RefusedLine } from '../ports.ts';

/** `superseded`: the target holds a newer version, beside which this one cannot be stored. */
export type Verdict = 'alreadyThere' | 'superseded' | 'failed';

/** Only these are about versions; whatever else an import refuses is not on the target. */
export function isAboutVersions(line: RefusedLine): boolean {
  return line.reason === 'duplicate' || line.reason === 'conflict';
}

/**
 * Tells a refused line that is on the target from one that is lost. Equal or inverted version dates, which data of
 * Azure API for FHIR has, come back as duplicate or conflict although the target already holds the version, or holds
 * a newer one (fhir-server issue 3998). A line of which nothing could be learned counts as lost.
 */
export function judge(line: RefusedLine, held: readonly HeldVersion[]): Verdict {
  if (line.lastUpdated === undefined) return 'failed';
  const { lastUpdated } = line;
  const number = versionNumber(line.versionId);
  // A version that is not a number is not kept by an import: only its date can tell it.
  if (number === undefined)
    return held.some((version) => version.lastUpdated === lastUpdated) ? 'alreadyThere' : 'failed';
  if (isWrittenFirst(line, held, lastUpdated)) return 'superseded';
  const same = held.find((version) => versionNumber(version.versionId) === number);
  // The same number under another date was written on the target by somebody else.
  if (same !== undefined) return same.lastUpdated === lastUpdated ? 'alreadyThere' : 'failed';
  if (!isAboutVersions(line)) return 'failed';
  const newer = held.some((version) => (versionNumber(version.versionId) ?? number) > number);
  return newer && held.some((version) => isInverted(version, number, lastUpdated)) ? 'superseded' : 'failed';
}

/** Profiles and terminology may be written to the target before the data, so that it can be validated against them. */
const writtenFirst: ReadonlySet<string | null> = new Set(['StructureDefinition', 'ValueSet', 'CodeSystem']);

/** The target holds the definition since a later time than the line, as its own first versions. */
function isWrittenFirst(line: RefusedLine, held: readonly HeldVersion[], lastUpdated: Instant): boolean {
  const [newest] = held;
  return (
    line.reason === 'conflict' &&
    writtenFirst.has(line.type) &&
    newest?.deleted === false &&
    held.every((version) => version.lastUpdated > lastUpdated)
  );
}

/**
 * True when another import of a line that is not on the target may take it. What does not parse never will, and neither
 * will a version that contradicts what the target holds; what lay together with its like in one batch goes in alone,
 * and a larger work unit takes a larger line (import contract, 3.5 and 3.8).
 */
export function mayBeTaken(line: RefusedLine, held: readonly HeldVersion[]): boolean {
  switch (line.reason) {
    case 'unknown':
    case 'tooLarge':
    case 'future':
      return true;
    case 'invalid':
    case 'searchParameter':
      return false;
    case 'duplicate':
    case 'conflict':
      return !contradicts(line, held);
  }
}

function contradicts({ versionId, lastUpdated }: RefusedLine, held: readonly HeldVersion[]): boolean {
  const number = versionNumber(versionId);
  if (lastUpdated === undefined) return false;
  if (number === undefined) return held.some((version) => version.lastUpdated === lastUpdated);
  return held.some((version) => isInverted(version, number, lastUpdated));
}

/** Number and date of the two versions do not rise together. */
function isInverted(version: HeldVersion, number: number, lastUpdated: Instant): boolean {
  const other = versionNumber(version.versionId);
  return other !== undefined && (other - number) * (version.lastUpdated - lastUpdated) <= 0;
}

function versionNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
