/*
 * The part of FHIRPath in which search parameters are written: paths, unions, indexes, type tests, comparisons, and the
 * functions listed in `functions`. Anything else does not parse, as an expression that the services cannot index.
 */

/** An expression that cannot be parsed or uses what is not supported. */
export class PathError extends Error {}

export type PathNode =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'this' }
  | { readonly kind: 'resource' }
  | { readonly kind: 'name'; readonly of: PathNode | undefined; readonly name: string }
  | {
      readonly kind: 'call';
      readonly of: PathNode | undefined;
      readonly name: string;
      readonly args: readonly PathNode[];
    }
  | { readonly kind: 'index'; readonly of: PathNode; readonly at: number }
  | { readonly kind: 'type'; readonly of: PathNode; readonly operator: 'is' | 'as'; readonly type: string }
  | { readonly kind: 'union'; readonly parts: readonly PathNode[] }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: PathNode; readonly right: PathNode };

/** Functions by name with the least and the greatest number of arguments. */
const functions: Readonly<Record<string, readonly [number, number]>> = {
  where: [1, 1],
  exists: [0, 1],
  empty: [0, 0],
  not: [0, 0],
  hasValue: [0, 0],
  first: [0, 0],
  last: [0, 0],
  as: [1, 1],
  is: [1, 1],
  ofType: [1, 1],
  resolve: [0, 0],
  extension: [1, 1],
};

const token =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*|`[^`]+`)|'((?:[^'\\]|\\.)*)'|(\d+(?:\.\d+)?)|(\$this|%resource|%context)|(!=|>=|<=|[.|()[\],=<>]))/y;

interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'variable' | 'symbol';
  readonly text: string;
}

/** @throws PathError */
export function parsePath(source: string): PathNode {
  const parser = new Parser(tokensOf(source), source);
  const node = parser.expression();
  parser.end();
  return node;
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.trimEnd().length) {
    const match = token.exec(source);
    if (match === null) throw new PathError(`Cannot read the expression '${source}'.`);
    const [, name, text, number, variable, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('`', '') });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replace(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (variable !== undefined) tokens.push({ kind: 'variable', text: variable });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  if (tokens.length === 0) throw new PathError('The expression is empty.');
  return tokens;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly source: string;

  constructor(tokens: readonly Token[], source: string) {
    this.tokens = tokens;
    this.source = source;
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.error();
  }

  expression(): PathNode {
    let left = this.conjunction();
    while (this.takeName('or')) left = { kind: 'logic', operator: 'or', left, right: this.conjunction() };
    return left;
  }

  private conjunction(): PathNode {
    let left = this.comparison();
    while (this.takeName('and')) left = { kind: 'logic', operator: 'and', left, right: this.comparison() };
    return left;
  }

  private comparison(): PathNode {
    const left = this.union();
    for (const operator of ['=', '!=', '<=', '>=', '<', '>']) {
      if (this.take(operator)) return { kind: 'compare', operator, left, right: this.union() };
    }
    return left;
  }

  private union(): PathNode {
    const parts = [this.typed()];
    while (this.take('|')) parts.push(this.typed());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'union', parts };
  }

  private typed(): PathNode {
    let node = this.path();
    for (;;) {
      if (this.takeName('as')) node = { kind: 'type', of: node, operator: 'as', type: this.typeName() };
      else if (this.takeName('is')) node = { kind: 'type', of: node, operator: 'is', type: this.typeName() };
      else return node;
    }
  }

  private path(): PathNode {
    let node = this.term();
    for (;;) {
      if (this.take('.')) {
        node = this.invocation(node);
      } else if (this.take('[')) {
        const index = this.next();
        if (index.kind !== 'number') throw this.error();
        this.expect(']');
        node = { kind: 'index', of: node, at: Number(index.text) };
      } else {
        return node;
      }
    }
  }

  private term(): PathNode {
    if (this.take('(')) {
      const node = this.expression();
      this.expect(')');
      return node;
    }
    const upcoming = this.tokens[this.at];
    if (upcoming?.kind === 'name' && (upcoming.text === 'true' || upcoming.text === 'false')) {
      this.at += 1;
      return { kind: 'literal', value: upcoming.text === 'true' };
    }
    if (upcoming?.kind === 'name') return this.invocation(undefined);
    const { kind, text } = this.next();
    if (kind === 'text') return { kind: 'literal', value: text };
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind === 'variable') return { kind: text === '$this' ? 'this' : 'resource' };
    throw this.error();
  }

  private invocation(of: PathNode | undefined): PathNode {
    const { kind, text: name } = this.next();
    if (kind !== 'name') throw this.error();
    if (!this.take('(')) return { kind: 'name', of, name };
    const args: PathNode[] = [];
    if (!this.take(')')) {
      do args.push(this.expression());
      while (this.take(','));
      this.expect(')');
    }
    const arity = functions[name];
    if (arity === undefined || args.length < arity[0] || args.length > arity[1]) {
      throw new PathError(`The function '${name}' cannot be used in a search parameter.`);
    }
    return { kind: 'call', of, name, args };
  }

  private typeName(): string {
    const first = this.next();
    if (first.kind !== 'name') throw this.error();
    return this.take('.') ? this.next().text : first.text;
  }

  private next(): Token {
    const found = this.tokens[this.at];
    if (found === undefined) throw this.error();
    this.at += 1;
    return found;
  }

  private take(symbol: string): boolean {
    const found = this.tokens[this.at];
    if (found?.kind !== 'symbol' || found.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  private takeName(name: string): boolean {
    const found = this.tokens[this.at];
    if (found?.kind !== 'name' || found.text !== name) return false;
    this.at += 1;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.error();
  }

  private error(): PathError {
    return new PathError(`Cannot read the expression '${this.source}'.`);
  }
}
