import type { Chart } from './chart.ts';

/*
 * A report as people read it, before it is HTML or Markdown: sections of a few kinds of blocks, all of them plain text.
 */

export interface ReportColumn {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly ReportColumn[];
      readonly rows: readonly (readonly string[])[];
      /** The last row is a sum. */
      readonly summed?: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'chart'; readonly chart: Chart; readonly sentence: string };

export interface Section {
  /** Name of its anchor: letters only. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  /** How it stands, in one sentence. */
  readonly verdict: string;
  /** Good only when nothing is open: never so because something is unknown. */
  readonly good: boolean;
  readonly subtitle: string;
  readonly sections: readonly Section[];
}
