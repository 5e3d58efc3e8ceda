import { applyEdits, modify } from 'jsonc-parser';
import type { PlanInput } from '../engine/plan.ts';

/** Parts of a plan file that the product writes by itself. */
export type PlanRecords = Pick<PlanInput, 'accepted' | 'setAside' | 'rehearsals' | 'predictions' | 'prices'>;

/**
 * The text of a plan file with other records; everything else, comments and order included, stays as it is. An empty
 * record takes its field away.
 */
export function withRecords(text: string, records: PlanRecords): string {
  let edited = text;
  for (const name of ['accepted', 'setAside', 'prices', 'rehearsals', 'predictions'] as const) {
    if (!(name in records)) continue;
    const value: unknown = records[name];
    const empty = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
    edited = withField(edited, [name], empty ? undefined : value);
  }
  return edited;
}

/** The text of a plan file that names this configuration of de-identified exports; everything else stays as it is. */
export function withDeidentification(
  text: string,
  deidentified: NonNullable<NonNullable<PlanInput['scope']>['deidentified']>,
): string {
  return withField(text, ['scope', 'deidentified'], deidentified);
}

function withField(text: string, path: string[], value: unknown): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}
