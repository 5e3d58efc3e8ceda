import { tableCell } from '../words/serverText.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Characters of a line that still fit into an editor on one half of a screen. */
const widest = 100;

/**
 * A markdown table whose columns are also aligned when it is read as plain text. One that is wider than an editor is
 * not aligned: lines that are broken anyway read better without the spaces.
 */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(tableCell));
  const aligned = columns.map((_, index) => Math.max(3, ...cells.map((row) => (row[index] ?? '').length)));
  const fits = aligned.reduce((sum, width) => sum + width + 3, 1) <= widest;
  const widths = fits ? aligned : columns.map(() => 3);
  const pad = (text: string, index: number): string => {
    const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - text.length));
    return columns[index]?.align === 'right' ? space + text : text + space;
  };
  const line = (row: readonly string[]): string => `| ${columns.map((_, i) => pad(row[i] ?? '', i)).join(' | ')} |`;
  const rule = columns.map(({ align }, i) =>
    align === 'right' ? `${'-'.repeat((widths[i] ?? 3) - 1)}:` : '-'.repeat(widths[i] ?? 3),
  );
  const [head = [], ...body] = cells;
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}
