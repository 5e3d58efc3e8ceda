/**
 * True when two parameters may share a code: their expressions are the same, or one's alternatives are among the
 * other's.
 */
export function expressionsFit(a: string | undefined, b: string | undefined): boolean {
  const left = alternativesOf(a);
  const right = alternativesOf(b);
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  return [...small].every((alternative) => large.has(alternative));
}

/** The alternatives of a union, without blanks and outer brackets, and with `as` written one way. */
function alternativesOf(expression = ''): ReadonlySet<string> {
  const alternatives: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of expression) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '|' && depth === 0) {
      alternatives.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return new Set([...alternatives, part].map(normalized).filter((alternative) => alternative !== ''));
}

function normalized(alternative: string): string {
  const trimmed = alternative.trim();
  const inner = /^\(([^()]*)\)$/.exec(trimmed)?.[1] ?? trimmed;
  return inner
    .trim()
    .replace(/\s+as\s+(\w+)$/, '.as($1)')
    .replace(/\.ofType\((\w+)\)/g, '.as($1)')
    .replace(/\s+/g, '');
}
