/** A row to draw, and how many rows are left out before it. */
export interface Slice {
  readonly index: number;
  readonly gapBefore: number;
}

export interface Viewport {
  /** Pixels scrolled away. */
  readonly top: number;
  /** Visible pixels. */
  readonly height: number;
  readonly rowHeight: number;
}

/** Rows drawn above and below what is visible, so that a short scroll shows no gap. */
const overscan = 12;

/**
 * Which rows of a long table are drawn: the visible ones, some around them, and the row that holds the focus wherever
 * it is, because a focused element that leaves the document takes the keyboard's place with it.
 */
export function slices(total: number, view: Viewport, keep: number | undefined): readonly Slice[] {
  const first = Math.max(0, Math.min(total - 1, Math.floor(view.top / view.rowHeight)) - overscan);
  const last = Math.min(total - 1, Math.ceil((view.top + view.height) / view.rowHeight) + overscan);
  const indices: number[] = [];
  if (keep !== undefined && keep >= 0 && keep < Math.min(first, total)) indices.push(keep);
  for (let index = first; index <= last; index += 1) indices.push(index);
  if (keep !== undefined && keep > last && keep < total) indices.push(keep);
  return indices.map((index, position) => ({ index, gapBefore: index - ((indices[position - 1] ?? -1) + 1) }));
}

/** Rows left out after the last one drawn. */
export function gapAfter(total: number, drawn: readonly Slice[]): number {
  return total - ((drawn.at(-1)?.index ?? -1) + 1);
}

/** Where to scroll so that a row is wholly visible; the present position when it is. */
export function scrolledTo(index: number, view: Viewport): number {
  const top = index * view.rowHeight;
  if (top < view.top) return top;
  const bottom = top + view.rowHeight;
  return bottom > view.top + view.height ? bottom - view.height : view.top;
}
