import * as v from 'valibot';
import { serviceKinds } from '../fhir/serviceKind.ts';
import { calendarSchema } from './calendar/calendarSchema.ts';
import {
  acceptedSchema,
  predictionsSchema,
  pricesSchema,
  rehearsalOfSchema,
  rehearsalsSchema,
  setAsideSchema,
} from './planRecords.ts';

const resourceType = v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]{1,63}$/, 'A FHIR resource type, for example Patient.'));
const instant = v.pipe(
  v.string(),
  v.check(
    (text) =>
      /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
      !Number.isNaN(Date.parse(text)),
    'A date, or a date and time with a zone, for example 2024-05-01T00:00:00Z.',
  ),
);
/** A type and a search of its resources. */
export const typeFilter = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.regex(/^[A-Z][A-Za-z]{1,63}\?[^\s,?#]+$/, 'A type and a search, for example Observation?status=final.'),
);
const httpsUrl = v.pipe(
  v.string(),
  v.check((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (
      url.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
    );
  }, 'An https address without query, fragment or credentials.'),
);
const count = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min, `At least ${min}.`), v.maxValue(max, `At most ${max}.`));

const serviceSchema = v.strictObject({
  kind: v.picklist(serviceKinds),
  /** Name shown to people. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  endpoint: httpsUrl,
  resourceId: v.optional(v.pipe(v.string(), v.regex(/^\/subscriptions\//i, 'An Azure resource id.'))),
  tenantId: v.optional(v.string()),
  /** Audience of tokens for this service; default: the endpoint without a trailing slash. */
  audience: v.optional(v.string()),
});

const stagingSchema = v.strictObject({
  accountName: v.pipe(v.string(), v.regex(/^[a-z0-9]{3,24}$/, '3 to 24 lower-case letters and digits.')),
  /** Blob endpoint of the account, for example https://contoso.blob.core.windows.net */
  blobEndpoint: httpsUrl,
  resourceId: v.optional(v.pipe(v.string(), v.regex(/^\/subscriptions\//i, 'An Azure resource id.'))),
  tenantId: v.optional(v.string()),
  container: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/, 'A container name.')),
    'migration',
  ),
});

const scopeSchema = v.strictObject({
  /** Absent: every type that holds data. */
  resourceTypes: v.optional(v.pipe(v.array(resourceType), v.minLength(1), v.maxLength(200))),
  /** Inclusive start of `meta.lastUpdated`; absent: from the first resource. */
  since: v.optional(instant),
  /** Exclusive end of `meta.lastUpdated`; absent: up to the server's own now. */
  till: v.optional(instant),
  history: v.optional(v.boolean(), false),
  softDeleted: v.optional(v.boolean(), true),
  /** Only resources of a type that fit a search, for example `Observation?status=final`. Other types come whole. */
  typeFilters: v.optional(v.pipe(v.array(typeFilter), v.minLength(1), v.maxLength(100))),
  /** The source takes identities out of what it exports, by a configuration in the staging account. */
  deidentified: v.optional(
    v.strictObject({
      /** Name of a blob in the container `anonymization` (export contract, 1.8). */
      config: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/, 'The name of a blob.')),
      /** Version of that blob: with any other the source refuses to export. */
      etag: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/, 'An ETag.')),
    }),
  ),
});
const checkedScopeSchema = v.pipe(
  scopeSchema,
  v.forward(
    v.check(
      ({ typeFilters, resourceTypes }) =>
        (typeFilters ?? []).every((filter) => resourceTypes?.includes(filter.slice(0, filter.indexOf('?'))) === true),
      'A filter needs its type among resourceTypes.',
    ),
    ['typeFilters'],
  ),
  v.forward(
    v.check(
      ({ typeFilters, history, softDeleted }) => typeFilters === undefined || !(history || softDeleted),
      'A source refuses filters together with history or deleted resources: set both to false.',
    ),
    ['typeFilters'],
  ),
);

/** Keeps the target up to date after the backlog until somebody finishes or stops it. */
export const syncSchema = v.strictObject({
  /** `cutover`: until the target takes over; `follow`: for good, as a copy for disaster recovery. */
  purpose: v.optional(v.picklist(['cutover', 'follow']), 'cutover'),
  /** How old the target's copy may become, seconds. Windows are made so often that it does not become older. */
  lagTargetSeconds: v.optional(count(60, 86_400), 900),
});

/** How much the engine slows down by itself: 0 as little as the services demand, 10 the most. */
export const niceSchema = v.pipe(v.number(), v.minValue(0, 'At least 0.'), v.maxValue(10, 'At most 10.'));

export const limitsSchema = v.strictObject({
  /** One export worker runs per instance of the server, more jobs only queue (ExportJobConfiguration). */
  exportsAtOnce: v.optional(count(1, 20), 1),
  /** Documented limit of parallel imports: 5. */
  importsAtOnce: v.optional(count(1, 5), 5),
  /** Requests at once to each of the two services. */
  requestsAtOnce: v.optional(count(1, 100), 10),
  /** Windows exported and not yet imported, so that staging does not fill without end. */
  windowsInFlight: v.optional(count(1, 200), 20),
  /** Documented limit of files of one import: 10,000. */
  filesPerImport: v.optional(count(1, 10_000), 10_000),
  /** Longest window in days; the reference tool's default is 30. */
  windowDays: v.optional(count(1, 3_660), 30),
  /** Longer windows are made where they hold no more resources than this; 0: never. */
  joinBelowResources: v.optional(count(0, 10_000_000), 50_000),
  /** Most resources of a window; the reference tool's default is 100 million. */
  windowResources: v.optional(count(1, 1_000_000_000), 100_000_000),
});

const optionsSchema = v.strictObject({
  /** Absent: what the source's kind does best. */
  parallelExport: v.optional(v.boolean()),
  /** One export for each resource type of a window, so that one that fails costs only its own. */
  perType: v.optional(v.boolean(), false),
  /** Rows per export page, 1 to 10,000. Absent: the server's default. */
  maxCount: v.optional(count(1, 10_000)),
  /** How far `till` stays behind the server's clock, so that late commits are not missed, seconds. */
  safetyLagSeconds: v.optional(count(0, 86_400), 300),
  /** How far a window reaches back into its predecessor, seconds. */
  overlapSeconds: v.optional(count(0, 86_400), 300),
  /** Attempts of one operation before the migration stops for attention. */
  attempts: v.optional(count(1, 100), 8),
  /** Container for the import's error files. */
  errorContainer: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$/, 'A container name.')),
    'migration-errors',
  ),
  /** Copy custom search parameters before the data. */
  searchParameters: v.optional(v.boolean(), true),
  /** How much 429, a rising request charge or latency slow the engine down. */
  nice: v.optional(niceSchema, 1),
});

/** Schema of a plan file, version 1. Unknown fields are refused, so that a typing error never changes what is moved. */
export const planSchema = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  source: serviceSchema,
  target: serviceSchema,
  staging: stagingSchema,
  scope: v.optional(checkedScopeSchema, {}),
  limits: v.optional(limitsSchema, {}),
  options: v.optional(optionsSchema, {}),
  /** `file`: on the machine that starts it; `staging`: in the staging account, for a team to watch and to take over. */
  journal: v.optional(v.picklist(['file', 'staging']), 'file'),
  /** Absent: the migration ends when the target holds everything. */
  sync: v.optional(syncSchema),
  /** Absent: at any time. */
  calendar: v.optional(calendarSchema),
  accepted: v.optional(acceptedSchema),
  setAside: v.optional(setAsideSchema),
  prices: v.optional(pricesSchema),
  rehearsalOf: v.optional(rehearsalOfSchema),
  rehearsals: v.optional(rehearsalsSchema),
  predictions: v.optional(predictionsSchema),
});

/** What the user chose, with every default filled in. */
export type Plan = v.InferOutput<typeof planSchema>;
/** A plan as written in a file: defaults may be left out. */
export type PlanInput = v.InferInput<typeof planSchema>;
export type PlanService = Plan['source'];
export type PlanStaging = Plan['staging'];
