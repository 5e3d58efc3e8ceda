import { isJsonObject, type Json, type JsonObject } from '../http.ts';
import type { Expression, GraphQuery, NamedExpression, QueryStep } from './graphQuery.ts';

/** Runs the steps of a query over rows. Missing columns and properties are null. */
export function evaluateGraphQuery(query: GraphQuery, rows: readonly JsonObject[]): JsonObject[] {
  return query.steps.reduce<JsonObject[]>((current, step) => apply(step, current), [...rows]);
}

function apply(step: QueryStep, rows: JsonObject[]): JsonObject[] {
  switch (step.kind) {
    case 'where':
      return rows.filter((row) => valueOf(step.condition, row) === true);
    case 'project':
      return rows.map((row) => columns(step.columns, row));
    case 'extend':
      return rows.map((row) => ({ ...row, ...columns(step.columns, row) }));
    case 'projectAway':
      return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !step.names.includes(name))));
    case 'distinct': {
      const distinct = new Map(
        rows.map((row) => columns(step.columns, row)).map((row) => [JSON.stringify(row), row] as const),
      );
      return [...distinct.values()];
    }
    case 'order':
      return rows.toSorted((a, b) => {
        for (const { expression, descending } of step.by) {
          const order = compare(valueOf(expression, a), valueOf(expression, b));
          if (order !== 0) return descending ? -order : order;
        }
        return 0;
      });
    case 'take':
      return rows.slice(0, step.count);
    case 'count':
      return [{ Count: rows.length }];
    case 'summarizeCount': {
      const groups = new Map<string, { row: JsonObject; count: number }>();
      for (const source of rows) {
        const row = columns(step.by, source);
        const key = JSON.stringify(row);
        groups.set(key, { row, count: (groups.get(key)?.count ?? 0) + 1 });
      }
      return [...groups.values()].map(({ row, count }) => ({ ...row, [step.name]: count }));
    }
  }
}

function columns(named: readonly NamedExpression[], row: JsonObject): JsonObject {
  return Object.fromEntries(named.map(({ name, expression }) => [name, valueOf(expression, row)]));
}

function valueOf(expression: Expression, row: JsonObject): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return expression.segments.reduce<Json>((value, key) => (isJsonObject(value) ? (value[key] ?? null) : null), row);
    case 'call':
      return call(expression.name, valueOf(expression.argument, row));
    case 'compare':
      return matches(
        expression.operator,
        valueOf(expression.left, row),
        expression.right.map((right) => valueOf(right, row)),
      );
    case 'and':
      return valueOf(expression.left, row) === true && valueOf(expression.right, row) === true;
    case 'or':
      return valueOf(expression.left, row) === true || valueOf(expression.right, row) === true;
  }
}

function call(name: string, value: Json): Json {
  switch (name) {
    case 'tolower':
      return text(value).toLowerCase();
    case 'toupper':
      return text(value).toUpperCase();
    case 'tostring':
      return text(value);
    case 'isempty':
      return text(value) === '';
    case 'isnotempty':
      return text(value) !== '';
    case 'isnull':
      return value === null;
    case 'isnotnull':
      return value !== null;
    default:
      return value !== true;
  }
}

function matches(operator: string, left: Json, right: readonly Json[]): boolean {
  if (operator.startsWith('!') && operator !== '!=' && operator !== '!~')
    return !matches(operator.slice(1), left, right);
  const [first = null] = right;
  const [subject, wanted] = [text(left).toLowerCase(), text(first).toLowerCase()];
  switch (operator) {
    case '==':
      return left === first;
    case '!=':
      return left !== first;
    case '=~':
      return subject === wanted;
    case '!~':
      return subject !== wanted;
    case 'in':
      return right.includes(left);
    case 'in~':
      return right.some((one) => text(one).toLowerCase() === subject);
    case 'has':
      return subject.split(/[^a-z0-9]+/).includes(wanted);
    case 'contains':
      return subject.includes(wanted);
    case 'startswith':
      return subject.startsWith(wanted);
    case 'endswith':
      return subject.endsWith(wanted);
    default: {
      const order = compare(left, first);
      return operator.startsWith('<')
        ? order < 0 || (operator === '<=' && order === 0)
        : order > 0 || (operator === '>=' && order === 0);
    }
  }
}

function compare(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [text(a), text(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function text(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
