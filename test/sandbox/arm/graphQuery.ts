import type { Json } from '../http.ts';

/** An expression of the query language, as far as discovery needs it. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly argument: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: string;
      readonly left: Expression;
      readonly right: readonly Expression[];
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression };

export interface NamedExpression {
  readonly name: string;
  readonly expression: Expression;
}

export type QueryStep =
  | { readonly kind: 'where'; readonly condition: Expression }
  | { readonly kind: 'project' | 'extend' | 'distinct'; readonly columns: readonly NamedExpression[] }
  | { readonly kind: 'projectAway'; readonly names: readonly string[] }
  | {
      readonly kind: 'order';
      readonly by: readonly { readonly expression: Expression; readonly descending: boolean }[];
    }
  | { readonly kind: 'take'; readonly count: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'summarizeCount'; readonly name: string; readonly by: readonly NamedExpression[] };

export interface GraphQuery {
  /** Lower case: `resources` or `resourcecontainers`. */
  readonly table: string;
  readonly steps: readonly QueryStep[];
}

/** The query is not understood; `token` and `position` say where. */
export class GraphSyntaxError extends Error {
  override readonly name = 'GraphSyntaxError';
  readonly token: string;
  readonly position: number;

  constructor(token: string, position: number) {
    super(`Unexpected '${token}' at ${position}.`);
    this.token = token;
    this.position = position;
  }
}

interface Token {
  readonly text: string;
  readonly position: number;
}

const tokenPattern =
  /\s+|\/\/[^\n]*|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d+|!?[A-Za-z_]\w*(?:-[a-z]+)?~?|=~|!~|==|!=|<=|>=|[<>=(),|.[\]])/gy;

const comparisons = new Set([
  ...['==', '!=', '=~', '!~', '<', '>', '<=', '>='],
  ...['in', 'in~', '!in', '!in~', 'has', '!has', 'contains', '!contains', 'startswith', '!startswith', 'endswith'],
]);
const functions = new Set(['tolower', 'toupper', 'tostring', 'isempty', 'isnotempty', 'isnull', 'isnotnull', 'not']);

/** Parses a query of Azure Resource Graph. Throws GraphSyntaxError for what is wrong or not known here. */
export function parseGraphQuery(text: string): GraphQuery {
  const parser = new QueryParser(text);
  const query = parser.query();
  parser.end();
  return query;
}

class QueryParser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  query(): GraphQuery {
    const table = this.#identifier().toLowerCase();
    const steps: QueryStep[] = [];
    while (this.#take('|')) steps.push(this.#step());
    return { table, steps };
  }

  end(): void {
    const left = this.#tokens[this.#next];
    if (left !== undefined) throw new GraphSyntaxError(left.text, left.position);
  }

  #step(): QueryStep {
    const token = this.#peek();
    const word = this.#identifier().toLowerCase();
    switch (word) {
      case 'where':
        return { kind: 'where', condition: this.#disjunction() };
      case 'project':
      case 'extend':
      case 'distinct':
        return { kind: word, columns: this.#columns() };
      case 'project-away':
        return { kind: 'projectAway', names: this.#list(() => this.#identifier()) };
      case 'order':
      case 'sort':
        this.#expect('by');
        return { kind: 'order', by: this.#list(() => this.#ordering()) };
      case 'take':
      case 'limit':
        return { kind: 'take', count: Number(this.#any()) };
      case 'count':
        return { kind: 'count' };
      case 'summarize':
        return this.#summarize();
      default:
        throw new GraphSyntaxError(word, token?.position ?? 0);
    }
  }

  #summarize(): QueryStep {
    const named = this.#tokens[this.#next + 1]?.text === '=';
    const name = named ? this.#identifier() : 'count_';
    if (named) this.#expect('=');
    for (const text of ['count', '(', ')']) this.#expect(text);
    return { kind: 'summarizeCount', name, by: this.#take('by') ? this.#columns() : [] };
  }

  #ordering(): { expression: Expression; descending: boolean } {
    const expression = this.#operand();
    // Without a word the order is descending, as in Kusto.
    const descending = !this.#take('asc');
    if (descending) this.#take('desc');
    return { expression, descending };
  }

  #columns(): NamedExpression[] {
    return this.#list(() => {
      if (this.#tokens[this.#next + 1]?.text === '=') {
        const name = this.#identifier();
        this.#expect('=');
        return { name, expression: this.#disjunction() };
      }
      const expression = this.#operand();
      return { name: nameOf(expression), expression };
    });
  }

  #disjunction(): Expression {
    let left = this.#conjunction();
    while (this.#take('or')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Expression {
    let left = this.#comparison();
    while (this.#take('and')) left = { kind: 'and', left, right: this.#comparison() };
    return left;
  }

  #comparison(): Expression {
    const left = this.#operand();
    const operator = this.#peek()?.text.toLowerCase();
    if (operator === undefined || !comparisons.has(operator)) return left;
    this.#any();
    if (!operator.replace('!', '').startsWith('in'))
      return { kind: 'compare', operator, left, right: [this.#operand()] };
    this.#expect('(');
    const right = this.#list(() => this.#operand());
    this.#expect(')');
    return { kind: 'compare', operator, left, right };
  }

  #operand(): Expression {
    if (this.#take('(')) {
      const inner = this.#disjunction();
      this.#expect(')');
      return inner;
    }
    const token = this.#peek();
    const text = this.#any();
    if (/^['"]/.test(text)) return { kind: 'literal', value: unquote(text) };
    if (/^\d/.test(text)) return { kind: 'literal', value: Number(text) };
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (!/^[A-Za-z_]\w*$/.test(text)) throw new GraphSyntaxError(text, token?.position ?? 0);
    if (this.#take('(')) {
      if (!functions.has(word)) throw new GraphSyntaxError(text, token?.position ?? 0);
      const argument = this.#disjunction();
      this.#expect(')');
      return { kind: 'call', name: word, argument };
    }
    return this.#path(text);
  }

  #path(first: string): Expression {
    const segments = [first];
    for (;;) {
      if (this.#take('.')) segments.push(this.#identifier());
      else if (this.#take('[')) {
        segments.push(unquote(this.#any()));
        this.#expect(']');
      } else return { kind: 'path', segments };
    }
  }

  #list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.#take(',')) items.push(item());
    return items;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #any(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new GraphSyntaxError('<EOF>', this.#tokens.at(-1)?.position ?? 0);
    this.#next += 1;
    return token.text;
  }

  #identifier(): string {
    const token = this.#peek();
    const text = this.#any();
    if (!/^[A-Za-z_][\w-]*$/.test(text)) throw new GraphSyntaxError(text, token?.position ?? 0);
    return text;
  }

  #take(text: string): boolean {
    if (this.#peek()?.text.toLowerCase() !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#take(text)) throw new GraphSyntaxError(token?.text ?? '<EOF>', token?.position ?? 0);
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(text);
    if (match === null) throw new GraphSyntaxError(text.charAt(position), position);
    if (match[1] !== undefined) tokens.push({ text: match[1], position });
    position = tokenPattern.lastIndex;
  }
  return tokens;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** The name of a column that was not given one: as Kusto names it. */
function nameOf(expression: Expression): string {
  switch (expression.kind) {
    case 'path':
      return expression.segments.join('_');
    case 'call':
      return nameOf(expression.argument);
    case 'literal':
    case 'compare':
    case 'and':
    case 'or':
      return 'Column1';
  }
}
