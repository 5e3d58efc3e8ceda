import type { Formats } from '../format.ts';
import type { PanelEvent } from '../state.ts';

/** What every part of the page needs beside its data. */
export interface ViewContext {
  readonly formats: Formats;
  /** Now, on the host's clock. */
  readonly now: number;
  readonly dispatch: (event: PanelEvent) => void;
}
