import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { planSchema, type Plan } from '../engine/plan.ts';
import type { PlanProblem, PlanReading } from './contract.ts';

/** A plan is written by people; anything longer is not one. */
const maxPlanLength = 1_000_000;

type Path = readonly (string | number)[];
type Issue = Pick<PlanProblem, 'path' | 'message' | 'severity'>;

/**
 * Reads the text of a plan file (JSON, comments allowed). Gives the plan with every default filled in, or none and the
 * errors that stand in its way, each with its place in the text. Never throws.
 */
export function readPlan(text: string): PlanReading {
  if (text.length > maxPlanLength)
    return failed([problem(undefined, issue([], 'This file is too large to be a plan.'))]);
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, { allowTrailingComma: false });
  if (syntax.length > 0 || root === undefined) {
    const errors = syntax.map((error) => ({
      ...issue([], `Not valid JSON: ${words(printParseErrorCode(error.error))}.`),
      offset: error.offset,
      length: Math.max(1, error.length),
    }));
    return failed(errors.length > 0 ? errors : [problem(undefined, issue([], 'The file is empty.'))]);
  }
  const parsed = v.safeParse(planSchema, valueOf(root));
  if (!parsed.success) return failed(parsed.issues.flatMap(schemaIssues).map((found) => problem(root, found)));
  const problems = consistency(parsed.output).map((found) => problem(root, found));
  return problems.some(({ severity }) => severity === 'error') ? failed(problems) : { plan: parsed.output, problems };
}

const failed = (problems: readonly PlanProblem[]): PlanReading => ({ plan: undefined, problems });
const issue = (path: Path, message: string, severity: 'error' | 'warning' = 'error'): Issue => ({
  path,
  message,
  severity,
});

function problem(root: Node | undefined, found: Issue): PlanProblem {
  for (let depth = found.path.length; root !== undefined && depth >= 0; depth--) {
    const node = findNodeAtLocation(root, [...found.path.slice(0, depth)]);
    if (node === undefined) continue;
    // An unknown field is marked at its name, which is where the typing error is.
    const key = found.message.startsWith('Unknown field') ? node.parent?.children?.[0] : undefined;
    const place = key ?? node;
    return { ...found, offset: place.offset, length: depth === 0 ? 1 : place.length };
  }
  return { ...found, offset: 0, length: 1 };
}

/** A parsed tree as plain data; objects have no prototype, so that a `__proto__` field is a field like any other. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const object = Object.create(null) as Record<string, unknown>;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) object[String(key.value)] = valueOf(value);
  }
  return object;
}

function schemaIssues(found: v.InferIssue<typeof planSchema>): Issue[] {
  const path = (found.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const field = String(path.at(-1) ?? 'plan');
  if (found.type === 'strict_object') {
    if (found.expected === 'never') return [issue(path, `Unknown field '${field}'. Remove it, or correct its name.`)];
    if (found.received === 'undefined') return [issue(path, `'${field}' is missing.`)];
  }
  if (found.type === 'literal' && field === 'version') {
    return [issue(path, 'This version of the extension reads plan files of version 1.')];
  }
  const own = found.kind === 'validation' && !found.message.startsWith('Invalid');
  return [issue(path, own ? `'${field}': ${found.message}` : `'${field}' must be ${expectation(found.expected)}.`)];
}

const expectation = (expected: string | null): string =>
  (expected ?? 'something else')
    .replace(/^\((.*)\)$/, '$1')
    .replaceAll(' | ', ' or ')
    .toLowerCase() === expected
    ? `a ${expected}`
    : (expected ?? 'something else').replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');

const words = (code: string): string =>
  code.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

const sameAddress = (a: string, b: string): boolean =>
  a.replace(/\/+$/, '').toLowerCase() === b.replace(/\/+$/, '').toLowerCase();

/** What a schema cannot say: things that contradict each other, or would move data the wrong way. */
function consistency(plan: Plan): Issue[] {
  const found: Issue[] = [];
  const { source, target, scope, staging } = plan;
  const sameId =
    source.resourceId !== undefined &&
    target.resourceId !== undefined &&
    sameAddress(source.resourceId, target.resourceId);
  if (sameAddress(source.endpoint, target.endpoint) || sameId) {
    found.push(issue(['target', 'endpoint'], 'Source and target are the same service.'));
  }
  if (target.kind !== 'ahds') {
    const swapped = source.kind === 'ahds' ? ' Source and target look swapped.' : '';
    const message = `The target must be an Azure Health Data Services FHIR service (kind 'ahds').${swapped}`;
    found.push(issue(['target', 'kind'], message));
  }
  if (scope.since !== undefined && scope.till !== undefined && Date.parse(scope.since) >= Date.parse(scope.till)) {
    found.push(issue(['scope', 'till'], "'till' must be later than 'since'."));
  }
  const refused = scope.resourceTypes?.indexOf('SearchParameter') ?? -1;
  if (refused >= 0) {
    const message = 'An import refuses SearchParameter. Leave it out: options.searchParameters copies them.';
    found.push(issue(['scope', 'resourceTypes', refused], message));
  }
  if (!new URL(staging.blobEndpoint).href.toLowerCase().includes(staging.accountName)) {
    const message = `The address does not name the account '${staging.accountName}'.`;
    found.push(issue(['staging', 'blobEndpoint'], message, 'warning'));
  }
  return [...found, ...syncProblems(plan)];
}

function syncProblems({ sync, options, scope, source }: Plan): Issue[] {
  if (sync === undefined) return [];
  const found: Issue[] = [];
  if (sync.lagTargetSeconds <= options.safetyLagSeconds) {
    const message = `The copy is always older than 'options.safetyLagSeconds' (${options.safetyLagSeconds}), and a window takes its time: the lag target cannot be kept.`;
    found.push(issue(['sync', 'lagTargetSeconds'], message, 'warning'));
  }
  if (scope.till !== undefined) {
    const message = "What is moved ends at 'scope.till': nothing follows after it.";
    found.push(issue(['sync'], message, 'warning'));
  }
  if (sync.purpose === 'follow' && (source.kind !== 'ahds' || options.parallelExport === false)) {
    const message =
      'Exports of this source show the present, so that the lag is no exact recovery point: only parallel exports of an AHDS FHIR service give what was current at an instant.';
    found.push(issue(['sync', 'purpose'], message, 'warning'));
  }
  return found;
}
