import { BicepError, type BicepToken, bicepTokens } from './bicepTokens.ts';

/** A value of a Bicep file: JSON with expressions of ARM templates in it. */
export type BicepValue =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** Text of an ARM expression, without the brackets around it. */
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly BicepValue[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: BicepValue])[] }
  /** A resource of the file, by its symbol. */
  | { readonly kind: 'resource'; readonly symbol: string };

/** What names stand for. */
export interface BicepNames {
  readonly parameters: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
}

/** Walks over tokens. */
export class TokenReader {
  readonly #tokens: readonly BicepToken[];
  #at = 0;

  constructor(tokens: readonly BicepToken[]) {
    this.#tokens = tokens;
  }

  get now(): BicepToken {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? { kind: 'end', text: '', line: 0 };
  }

  take(): BicepToken {
    const token = this.now;
    this.#at += 1;
    return token;
  }

  is(text: string): boolean {
    return this.now.kind !== 'string' && this.now.text === text;
  }

  /** Takes a token if it is this one. */
  skip(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw new BicepError(this.now.line, `${described(this.now)} where '${text}' should be`);
  }

  word(): string {
    const token = this.take();
    if (token.kind !== 'word') throw new BicepError(token.line, `${described(token)} where a name should be`);
    return token.text;
  }

  /** A string without anything interpolated. */
  plainText(): string {
    const token = this.take();
    if (token.kind !== 'string' || token.between.length > 0)
      throw new BicepError(token.line, `${described(token)} where a plain text should be`);
    return token.text;
  }

  skipLines(): void {
    while (this.now.kind === 'newline') this.#at += 1;
  }
}

const described = (token: BicepToken): string =>
  token.kind === 'newline' || token.kind === 'end' ? 'The end of the line' : `'${token.text.slice(0, 40)}'`;

/** Reads a value: literals, lists, objects, names, members, calls. @throws BicepError for anything else */
export function readValue(reader: TokenReader, names: BicepNames): BicepValue {
  const token = reader.now;
  if (token.kind === 'string') {
    reader.take();
    return stringValue(token, names);
  }
  if (reader.skip('[')) return readArray(reader, names);
  if (reader.skip('{')) return readObject(reader, names);
  if (reader.skip('-')) return number(reader, -1);
  if (token.kind === 'number') return number(reader, 1);
  if (token.kind !== 'word') throw new BicepError(token.line, `${described(token)} where a value should be`);
  return readName(reader, names);
}

function number(reader: TokenReader, sign: 1 | -1): BicepValue {
  const token = reader.take();
  const value = Number(token.text) * sign;
  if (token.kind !== 'number' || !Number.isSafeInteger(value))
    throw new BicepError(token.line, `${described(token)} where a number should be`);
  return { kind: 'literal', value };
}

function stringValue(token: Extract<BicepToken, { kind: 'string' }>, names: BicepNames): BicepValue {
  if (token.between.length === 0) return { kind: 'literal', value: token.text };
  const parts = token.between.map((tokens) => {
    const reader = new TokenReader(tokens);
    const value = readValue(reader, names);
    if (reader.now.kind !== 'end') throw new BicepError(token.line, 'More than a name or a call in ${…}');
    return expressionText(value, token.line);
  });
  // Braces of the text itself would be taken for places of the format.
  const format = token.texts
    .map((text) => text.replaceAll('{', '{{').replaceAll('}', '}}'))
    .reduce((all, text, index) => `${all}{${index - 1}}${text}`);
  return { kind: 'expression', text: `format(${quoted(format)}, ${parts.join(', ')})` };
}

function readArray(reader: TokenReader, names: BicepNames): BicepValue {
  const items: BicepValue[] = [];
  for (;;) {
    reader.skipLines();
    if (reader.skip(']')) return { kind: 'array', items };
    if (reader.is('for')) throw new BicepError(reader.now.line, 'A loop');
    items.push(readValue(reader, names));
    if (!reader.skip(',') && !reader.is(']') && reader.now.kind !== 'newline') reader.expect(']');
  }
}

function readObject(reader: TokenReader, names: BicepNames): BicepValue {
  const entries: (readonly [string, BicepValue])[] = [];
  for (;;) {
    reader.skipLines();
    if (reader.skip('}')) return { kind: 'object', entries };
    const key = reader.now.kind === 'string' ? reader.plainText() : reader.word();
    reader.expect(':');
    entries.push([key, readValue(reader, names)]);
    if (!reader.skip(',') && !reader.is('}') && reader.now.kind !== 'newline') reader.expect('}');
  }
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** A name with what follows it: `resourceGroup().location`, `location`, `workspace`. */
function readName(reader: TokenReader, names: BicepNames): BicepValue {
  const { line } = reader.now;
  const name = reader.word();
  if (Object.hasOwn(words, name)) return { kind: 'literal', value: words[name] ?? null };
  let text: string;
  if (reader.is('(')) text = `${name}${readArguments(reader, names)}`;
  else if (names.parameters.has(name)) text = `parameters(${quoted(name)})`;
  else if (names.variables.has(name)) text = `variables(${quoted(name)})`;
  else if (names.resources.has(name)) {
    if (reader.is('.')) throw new BicepError(line, `A property of the resource ${name}`);
    return { kind: 'resource', symbol: name };
  } else throw new BicepError(line, `The name ${name}`);
  while (reader.skip('.')) {
    const member = reader.word();
    text += `.${member}`;
    if (reader.is('(')) throw new BicepError(line, `The call of ${member}`);
  }
  return { kind: 'expression', text };
}

function readArguments(reader: TokenReader, names: BicepNames): string {
  const { line } = reader.now;
  reader.expect('(');
  const given: string[] = [];
  while (!reader.skip(')')) {
    given.push(expressionText(readValue(reader, names), line));
    if (!reader.skip(',') && !reader.is(')')) reader.expect(')');
  }
  return `(${given.join(', ')})`;
}

/** A value inside of an expression. */
function expressionText(value: BicepValue, line: number): string {
  if (value.kind === 'expression') return value.text;
  if (value.kind !== 'literal') throw new BicepError(line, 'A list, an object or a resource inside of an expression');
  return typeof value.value === 'string' ? quoted(value.value) : value.value === null ? 'null()' : `${value.value}`;
}

/** A text as ARM's expressions write it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Reads one value from a text, for tests and single lines. */
export const valueIn = (text: string, names: BicepNames): BicepValue =>
  readValue(new TokenReader(bicepTokens(text)), names);
