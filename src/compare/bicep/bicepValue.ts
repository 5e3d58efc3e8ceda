/** A value of JSON as Bicep writes it; strings stay on one line. */
export function bicepValue(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return bicepText(value);
  if (typeof value === 'boolean' || typeof value === 'number') return numberOrWord(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${bicepValue(item, inner)}`).join('\n')}\n${indent}]`;
  }
  if (typeof value !== 'object') return 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => `${inner}${bicepKey(key)}: ${bicepValue(item, inner)}`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** Bicep has whole numbers only; anything else goes through `json()`. */
const numberOrWord = (value: number | boolean): string =>
  typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : `json('${String(value)}')`;

/** A text in single quotes, with everything escaped that would mean something inside of them. */
export function bicepText(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/\p{Cc}/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return `'${escaped}'`;
}

const bicepKey = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? key : bicepText(key));
