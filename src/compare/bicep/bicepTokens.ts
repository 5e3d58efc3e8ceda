/** A piece of a Bicep file. */
export type BicepToken =
  | { readonly kind: 'word' | 'number' | 'symbol' | 'end'; readonly text: string; readonly line: number }
  | { readonly kind: 'newline'; readonly text: '\n'; readonly line: number }
  /** A string: its texts, with the tokens of an interpolated expression between each two of them. */
  | {
      readonly kind: 'string';
      readonly text: string;
      readonly line: number;
      readonly texts: readonly string[];
      readonly between: readonly (readonly BicepToken[])[];
    };

/** Something that only the Bicep compiler understands, or nobody. `line` counts from 1. */
export class BicepError extends Error {
  override readonly name = 'BicepError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", $: '$' };

/** Cuts a Bicep file into tokens. @throws BicepError */
export function bicepTokens(source: string, firstLine = 1): readonly BicepToken[] {
  const tokens: BicepToken[] = [];
  let at = 0;
  let line = firstLine;
  const push = (kind: 'word' | 'number' | 'symbol', pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [text] = pattern.exec(source) ?? [];
    if (text === undefined) return false;
    tokens.push({ kind, text, line });
    at += text.length;
    return true;
  };
  while (at < source.length) {
    const rest = source.slice(at, at + 3);
    if (rest.startsWith('\n')) {
      tokens.push({ kind: 'newline', text: '\n', line });
      line += 1;
      at += 1;
    } else if (/^[ \t\r]/.test(rest)) at += 1;
    else if (rest.startsWith('//')) at = endOf(source, '\n', at);
    else if (rest.startsWith('/*')) {
      const end = endOf(source, '*/', at) + 2;
      line += source.slice(at, end).split('\n').length - 1;
      at = end;
    } else if (rest === "'''") throw new BicepError(line, 'Texts of several lines');
    else if (rest.startsWith("'")) {
      const { token, end } = stringAt(source, at, line);
      tokens.push(token);
      at = end;
    } else if (!push('word', /[A-Za-z_]\w*/y) && !push('number', /\d+/y) && !push('symbol', /[{}[\]():,=.@-]/y))
      throw new BicepError(line, `'${rest.charAt(0)}'`);
  }
  tokens.push({ kind: 'end', text: '', line });
  return tokens;
}

function endOf(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found < 0 ? source.length : found;
}

/** A string from its opening quote on. */
function stringAt(source: string, start: number, line: number): { readonly token: BicepToken; readonly end: number } {
  const texts: string[] = [];
  const between: (readonly BicepToken[])[] = [];
  let text = '';
  let at = start + 1;
  for (;;) {
    const character = source.charAt(at);
    if (character === '' || character === '\n') throw new BicepError(line, 'A text without its closing quote');
    if (character === "'") break;
    if (character === '\\') {
      const { value, length } = escapeAt(source, at, line);
      text += value;
      at += length;
    } else if (source.startsWith('${', at)) {
      const end = source.indexOf('}', at);
      if (end < 0 || source.slice(at, end).includes('\n')) throw new BicepError(line, 'An open ${');
      texts.push(text);
      text = '';
      between.push(bicepTokens(source.slice(at + 2, end), line));
      at = end + 1;
    } else {
      text += character;
      at += 1;
    }
  }
  texts.push(text);
  return { token: { kind: 'string', text: texts.join(''), line, texts, between }, end: at + 1 };
}

function escapeAt(source: string, at: number, line: number): { readonly value: string; readonly length: number } {
  const unicode = /^\\u\{([0-9a-fA-F]{1,6})\}/.exec(source.slice(at, at + 12));
  if (unicode?.[1] !== undefined) {
    const point = Number.parseInt(unicode[1], 16);
    if (point > 0x10_ffff) throw new BicepError(line, 'A character that there is not');
    return { value: String.fromCodePoint(point), length: unicode[0].length };
  }
  const value = escapes[source.charAt(at + 1)];
  if (value === undefined) throw new BicepError(line, `The escape \\${source.charAt(at + 1)}`);
  return { value, length: 2 };
}
