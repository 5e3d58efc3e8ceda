import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { changesSince, remember, type FindingChanges } from '../../assess/changes.ts';
import { severities, topics } from '../../assess/finding.ts';
import { folderMode, writeDurably } from '../../engine/journal/durableFile.ts';
import { errorCode, fileFailure } from '../../engine/journal/fileErrors.ts';
import type { Instant } from '../../engine/ports.ts';
import type { Assessment } from './contract.ts';

/** How an assessment differs from the one before it of the same services. */
export interface SinceLastAssessment extends FindingChanges {
  /** When that one was taken. */
  readonly at: Instant;
}

const schema = v.object({
  at: v.number(),
  findings: v.array(
    v.object({
      id: v.custom<`${(typeof topics)[number]}.${string}`>(
        (id) => typeof id === 'string' && topics.some((topic) => id.startsWith(`${topic}.`)),
      ),
      title: v.string(),
      severity: v.picklist(severities),
      seen: v.string(),
    }),
  ),
});

/**
 * Compares an assessment with the last one of the same services in a folder, and keeps it there for the next one: titles
 * and evidence of its findings, in a file for each pair of services. Undefined: there was none, or it cannot be read.
 * @throws FailureError `journal` or `diskFull` when it cannot be kept
 */
export async function sinceLastAssessment(
  folder: string,
  { takenAt, source, target, findings }: Assessment,
): Promise<SinceLastAssessment | undefined> {
  const pair = [source.endpoint, target?.endpoint ?? ''].join(' ').toLowerCase();
  const file = join(folder, `${createHash('sha256').update(pair).digest('hex').slice(0, 24)}.json`);
  try {
    const last = await lastIn(file);
    await mkdir(folder, { recursive: true, mode: folderMode });
    await writeDurably(file, `${JSON.stringify({ at: takenAt, findings: findings.map(remember) })}\n`);
    return last && { at: last.at, ...changesSince(last.findings, findings) };
  } catch (error) {
    throw fileFailure(error, 'keep what an assessment found');
  }
}

async function lastIn(file: string): Promise<v.InferOutput<typeof schema> | undefined> {
  try {
    const read = v.safeParse(schema, JSON.parse(await readFile(file, 'utf8')));
    return read.success ? read.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
