import { formatInstant } from '../words/format.ts';
import { tableCell } from '../words/serverText.ts';

/** Something that was looked at, what was seen, and when. */
export interface Evidence {
  readonly sign: string;
  readonly state: string;
  readonly title: string;
  readonly evidence: string;
  readonly at: number;
}

/** A list that reads well as plain text and as markdown: the evidence of each point stands below it. */
export const evidenceList = (items: readonly Evidence[]): string =>
  items
    .map(
      ({ sign, state, title, evidence, at }) =>
        `- ${tableCell(`${sign} ${state}: ${title}`)} (${formatInstant(at)})\n  ${tableCell(evidence)}`,
    )
    .join('\n');
