/**
 * Stands before a number that was turned into a string; no string of FHIR may hold it (FHIR R4, datatypes: string).
 */
export const numberMark = '\u0000#';
const escapedMark = '\\u0000#';

const quote = 0x22;
const backslash = 0x5c;

/**
 * JSON text in which every number is a string with a mark before it, so that a parser keeps `1.0` and `1.00` apart and
 * loses no digit. The text must be JSON; strings are left as they are.
 */
export function quoteNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) at = afterString(text, at);
    else if (isNumberStart(code)) {
      const end = afterNumber(text, at);
      parts.push(text.slice(copied, at), `"${escapedMark}`, text.slice(at, end), '"');
      copied = end;
      at = end;
    } else at++;
  }
  if (copied === 0) return text;
  parts.push(text.slice(copied));
  return parts.join('');
}

/** Index after the string that begins at `start`; the end of the text when it has no end. */
function afterString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

const isNumberStart = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === 0x2d;

/** Digits, sign, point and exponent; a literal such as `true` never begins with one of them. */
function afterNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const inside =
      isNumberStart(code) || code === 0x2e || code === 0x2b || code === 0x65 /* e */ || code === 0x45; /* E */
    if (!inside) return end;
  }
  return end;
}

/** Text of a value whose numbers were quoted, as people read it: names in order, so that equal content is equal text. */
export function exactText(value: unknown): string {
  const text = JSON.stringify(inOrder(value), undefined, 2);
  return text.replaceAll(/"\\u0000#([^"]*)"/g, '$1');
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const first = ['resourceType', 'id', 'meta'];
  const names = Object.keys(value).sort();
  const ordered = [...first.filter((name) => names.includes(name)), ...names.filter((name) => !first.includes(name))];
  return Object.fromEntries(ordered.map((name) => [name, inOrder((value as Record<string, unknown>)[name])]));
}
