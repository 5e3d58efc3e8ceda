/** What a line of an export is, or why it is nothing that can be compared. */
export interface ComparedLines {
  readonly equal: number;
  /** Identities of lines with the same id and other content. */
  readonly differs: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** Lines without an id, on either side. */
  readonly unreadable: number;
}

/**
 * Compares the lines of two exports of one type, whatever their order. Lines that are the same text are equal without
 * being parsed; only the others are, by their canonical text.
 * @param canonical text that is equal for equal content; throws for a line that is no resource
 */
export function compareLines(
  left: Iterable<string>,
  right: Iterable<string>,
  canonical: (line: string) => string,
): ComparedLines {
  const waiting = new Map<string, string>();
  const early = new Map<string, string>();
  const differs: string[] = [];
  let [equal, unreadable] = [0, 0];
  const judge = (id: string, one: string, other: string): void => {
    if (one === other || isEqual(one, other, canonical)) equal++;
    else differs.push(id);
  };
  const [from, to] = [left[Symbol.iterator](), right[Symbol.iterator]()];
  for (;;) {
    const [one, other] = [from.next(), to.next()];
    if (one.done === true && other.done === true) break;
    // Exports of one service come in one order, so that most lines meet their like at once.
    if (one.done !== true && other.done !== true && one.value === other.value) {
      if (idOf(one.value) === undefined) unreadable += 2;
      else equal++;
      continue;
    }
    if (one.done !== true) unreadable += place(one.value, waiting, early, judge);
    if (other.done !== true)
      unreadable += place(other.value, early, waiting, (id, mine, theirs) => judge(id, theirs, mine));
  }
  return { equal, differs, missing: [...waiting.keys()], extra: [...early.keys()], unreadable };
}

function place(
  line: string,
  mine: Map<string, string>,
  theirs: Map<string, string>,
  judge: (id: string, mine: string, theirs: string) => void,
): number {
  const id = idOf(line);
  if (id === undefined) return 1;
  const other = theirs.get(id);
  if (other === undefined) mine.set(id, line);
  else {
    theirs.delete(id);
    judge(id, line, other);
  }
  return 0;
}

function isEqual(one: string, other: string, canonical: (line: string) => string): boolean {
  try {
    return canonical(one) === canonical(other);
  } catch {
    return false;
  }
}

/** Both services write the id right after the type; elsewhere the line is parsed. */
const start = /^\{"resourceType":"[A-Za-z]{1,64}","id":"([A-Za-z0-9.-]{1,64})"[,}]/;

function idOf(line: string): string | undefined {
  const found = start.exec(line)?.[1];
  if (found !== undefined) return found;
  try {
    const { id } = JSON.parse(line) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
