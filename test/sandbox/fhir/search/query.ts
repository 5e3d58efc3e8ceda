import type { Flavour } from '../../contract.ts';
import { badRequest, fhirError, FhirError, type Issue } from '../outcome.ts';
import type { ParameterDefinition } from '../parameters/definitions.ts';
import type { ParameterRegistry } from '../parameters/registry.ts';
import { resourceTypes } from '../resourceTypes.ts';
import type { Pairs } from './bundle.ts';
import { decodePlace, start, type Place } from './continuation.ts';
import { criterionOf, type Criterion } from './criteria.ts';
import { parseDateCriterion } from './dates.ts';
import { includeOf, type Include } from './includes.ts';
import { parseElements, parseSummary, whole, type Shape } from './shape.ts';
import { sortingOf, type Sorting } from './sorting.ts';
import { always, narrow, type TimeWindow } from './window.ts';

/** What a search asks, ready to be run. */
export interface SearchPlan {
  /** Undefined: every type. */
  readonly types: readonly string[] | undefined;
  readonly window: TimeWindow;
  /** Undefined: any id. */
  readonly ids: ReadonlySet<string> | undefined;
  readonly criteria: readonly Criterion[];
  readonly includes: readonly Include[];
  readonly sorting: Sorting;
  readonly count: number;
  readonly countOnly: boolean;
  readonly wantsTotal: boolean;
  readonly shape: Shape;
  readonly place: Place;
  readonly issues: readonly Issue[];
  /** Parameters that were understood, for the self link. */
  readonly understood: Pairs;
}

export interface SearchSurroundings {
  readonly registry: ParameterRegistry;
  readonly flavour: Flavour;
  readonly base: string;
  /** `Prefer: handling=strict`. */
  readonly strict: boolean;
  /** `x-ms-use-partial-indices: true`. */
  readonly partial: boolean;
}

/** Most resources on one page, and the number when none is asked for. Source: microsoft/fhir-server, SearchOptionsFactory. */
const maximumCount = 1_000;
const defaultCount = 10;

/**
 * Reads the parameters of a search.
 * @param type the type in the path, if one is
 * @throws FhirError 400 or 403
 */
export function planSearch(type: string | undefined, pairs: Pairs, around: SearchSurroundings): SearchPlan {
  const reader = new QueryReader(type, around);
  reader.readTypes(pairs);
  for (const [name, value] of pairs) reader.read(name, value);
  return reader.finish();
}

class QueryReader {
  private readonly pathType: string | undefined;
  private readonly around: SearchSurroundings;
  private types: readonly string[] | undefined;
  private window: TimeWindow = always;
  private ids: Set<string> | undefined;
  private readonly criteria: Criterion[] = [];
  private readonly includes: Include[] = [];
  private sort: string | undefined;
  private count = defaultCount;
  private wantsTotal = false;
  private shape: Shape = whole;
  private place = start;
  private readonly information: Issue[] = [];
  private readonly problems: string[] = [];
  private readonly understood: (readonly [string, string])[] = [];

  constructor(type: string | undefined, around: SearchSurroundings) {
    this.pathType = type;
    this.around = around;
    this.types = type === undefined ? undefined : [type];
  }

  readTypes(pairs: Pairs): void {
    for (const [name, value] of pairs) {
      if (name !== '_type') continue;
      if (value.trim() === '') throw badRequest(`The '_type' parameter contains unknown resource(s): ${value}`);
      const asked = value.split(',');
      const unknown = asked.filter((type) => !resourceTypes.has(type)).sort();
      if (unknown.length > 0) {
        const listed = unknown.map((type) => `'${type}'`).join(',');
        const diagnostics = `The '_type' parameter contains unknown resource(s): ${listed}`;
        this.information.push({ severity: 'warning', code: 'not-supported', diagnostics });
      }
      const known = asked.filter((type) => resourceTypes.has(type));
      this.types = this.types === undefined ? known : this.types.filter((type) => known.includes(type));
    }
  }

  read(name: string, value: string): void {
    if (name === '_format' || name === '_pretty') return;
    if (name !== '_elements' && name !== '_summary' && (name.trim() === '' || value.trim() === '')) {
      this.unsupported(name);
      return;
    }
    if (!this.readControl(name, value)) this.readParameter(name, value);
  }

  finish(): SearchPlan {
    const { sorting, problems } = sortingOf(this.sort, this.around, this.definitionTypes());
    this.problems.push(...problems);
    if (this.problems.length > 0 && this.around.strict) {
      throw new FhirError(
        400,
        this.problems.map((diagnostics) => ({ severity: 'error', code: 'invalid', diagnostics })),
      );
    }
    if (this.shape.elements !== undefined && this.shape.summary !== 'false') {
      throw badRequest(
        "The '_elements' parameter is supported only when '_summary' is SummaryType.False or '_summary' is not specified at all.",
      );
    }
    const warnings = this.problems.map((diagnostics): Issue => ({
      severity: 'warning',
      code: 'not-supported',
      diagnostics,
    }));
    return {
      types: this.types,
      window: this.window,
      ids: this.ids,
      criteria: this.criteria,
      includes: this.includes,
      sorting,
      count: this.count,
      countOnly: this.shape.summary === 'count',
      wantsTotal: this.wantsTotal,
      shape: this.shape,
      place: this.place,
      issues: [...this.information, ...warnings],
      understood: this.understood,
    };
  }

  /** Parameters that say how to answer. False when the name is none of them. */
  private readControl(name: string, value: string): boolean {
    switch (name) {
      case 'ct':
        this.place = decodePlace(value);
        return true;
      case '_count':
        this.readCount(value);
        break;
      case '_summary':
        this.shape = { ...this.shape, summary: parseSummary(value) };
        break;
      case '_elements':
        this.shape = { ...this.shape, elements: parseElements(value) };
        break;
      case '_total':
        this.readTotal(value);
        break;
      case '_sort':
        this.sort = value;
        break;
      case '_type':
        break;
      case '_lastUpdated':
        this.window = narrow(this.window, ...parseDateCriterion(value));
        break;
      case '_id':
        this.readIds(value);
        break;
      default:
        return false;
    }
    this.understood.push([name, value]);
    return true;
  }

  private readCount(value: string): void {
    if (!/^\d+$/.test(value)) throw badRequest(`The input string '${value}' was not in a correct format.`);
    const asked = Number(value);
    if (asked === 0) this.shape = { ...this.shape, summary: 'count' };
    if (asked > maximumCount) {
      const limit = `Current limit is ${maximumCount} while \`_count\` parameter set to ${asked}`;
      const diagnostics = `The '_count' parameter exceeds limit configured for server. ${limit}.`;
      this.information.push({ severity: 'information', code: 'informational', diagnostics });
    }
    this.count = Math.min(maximumCount, Math.max(1, asked));
  }

  private readTotal(value: string): void {
    const supported = "The supported values are: 'accurate', 'none'.";
    switch (value.toLowerCase()) {
      case 'none':
        return;
      case 'accurate':
        this.wantsTotal = true;
        return;
      case 'estimate':
        throw fhirError(403, 'not-supported', `The '_total' parameter value 'estimate' is not supported. ${supported}`);
      default:
        throw badRequest(`The '_total' parameter value '${value}' is invalid. ${supported}`);
    }
  }

  private readIds(value: string): void {
    const asked = value.split(',');
    const before = this.ids;
    this.ids = new Set(before === undefined ? asked : asked.filter((id) => before.has(id)));
  }

  private readInclude(name: string, value: string): void {
    const include = includeOf(value, name === '_revinclude', this.around);
    if (include === undefined) {
      this.problems.push(`The ${name} value '${value}' is not supported.`);
      return;
    }
    this.includes.push(include);
    this.understood.push([name, value]);
  }

  private readParameter(name: string, value: string): void {
    if (name === '_include' || name === '_revinclude') {
      this.readInclude(name, value);
      return;
    }
    const [code = '', modifier] = name.split(':');
    const definition = this.definition(code);
    if (definition === undefined) {
      this.unsupported(name);
      return;
    }
    const { registry, base } = this.around;
    const component = (url: string): ParameterDefinition | undefined => registry.byUrl(url)?.definition;
    this.criteria.push(criterionOf(definition, modifier, value, base, component));
    this.understood.push([name, value]);
  }

  /** The one definition that all asked types share. @throws FhirError 400 when they have different ones */
  private definition(code: string): ParameterDefinition | undefined {
    const { registry, partial } = this.around;
    const types = this.definitionTypes();
    const found = types.map((type) => registry.searchable(type, code, partial));
    const [first] = found;
    if (first === undefined || found.includes(undefined)) return undefined;
    const other = found.findIndex((definition) => definition?.url !== first.url);
    if (other < 0) return first;
    const pair = `'${types[0] ?? ''}' and '${types[other] ?? ''}'`;
    throw badRequest(`Search parameter '${code}' is not common for ${pair}.`);
  }

  private definitionTypes(): readonly string[] {
    return this.types === undefined || this.types.length === 0 ? [this.pathType ?? 'DomainResource'] : this.types;
  }

  private unsupported(name: string): void {
    const types = this.definitionTypes().join(',');
    this.problems.push(`The search parameter '${name}' is not supported for resource type '${types}'.`);
  }
}
