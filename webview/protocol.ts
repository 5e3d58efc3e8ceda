import * as v from 'valibot';
import { cutoverSchema, finishSchema, syncSchema } from './syncViews.ts';

/*
 * What the panel's host and its page say to each other. The host owns the truth, the page shows it: it gets a whole
 * snapshot on `ready` and whenever it becomes visible, and patches in between (at most four a second, newest wins).
 * Instants are milliseconds since 1970 (UTC), durations milliseconds, rates resources per second.
 * Both sides compile this file: no DOM, no node, no vscode.
 */

/** Changes with every incompatible change; a message of another version is dropped by the other side. */
export const protocolVersion = 1;

const text = v.string();
const flag = v.boolean();
const instant = v.pipe(v.number(), v.finite());
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
// Marked so that each side's bundle keeps only the schemas of the direction that it reads.
/* @__NO_SIDE_EFFECTS__ */
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(schema);
/* @__NO_SIDE_EFFECTS__ */
const list = <Schema extends v.GenericSchema>(item: Schema) => v.pipe(v.array(item), v.readonly());

export const phases = [
  'planned',
  'preparing',
  'backlog',
  'catchUp',
  'syncing',
  'finishing',
  'checking',
  'pausing',
  'paused',
  'cancelling',
  'cancelled',
  'needsAttention',
  'complete',
] as const;
export type Phase = (typeof phases)[number];

export const windowStates = [
  'planned',
  'exporting',
  'exported',
  'importing',
  'done',
  'empty',
  'split',
  'needsAttention',
] as const;
export type WindowState = (typeof windowStates)[number];

/** What can be done to the migration as a whole; the host says which of them are offered now. */
export const controls = ['finish', 'keepSyncing', 'pause', 'resume', 'retry', 'catchUp', 'cancel'] as const;
export type Control = (typeof controls)[number];

/** Everything that a button of the page can ask for. Confirmation, where it is due, is the host's part. */
export const actions = [
  ...controls,
  'signIn',
  'openJournal',
  'openLog',
  'copyForSupport',
  'openPlan',
  'openReport',
  'openSummary',
  'verify',
  'cutOver',
  'cleanUp',
  'changeLimits',
  'openStaging',
  'openMigrations',
  'failedLines',
  'acceptLines',
  'showFailure',
] as const;
export type Action = (typeof actions)[number];

const about = v.object({ window: maybe(text), operation: maybe(text) });
/** What an action or a failure is about; empty: the migration as a whole. */
export type About = v.InferOutput<typeof about>;

const failure = v.object({
  /** One sentence: what was tried and how it ended. */
  message: text,
  service: maybe(text),
  /** The server's own words, already redacted. */
  diagnostics: list(text),
  nextStep: maybe(text),
  /** Method and path template. */
  request: maybe(text),
  status: maybe(amount),
  code: maybe(text),
  requestId: maybe(text),
});
export type FailureView = v.InferOutput<typeof failure>;

const service = v.object({
  name: text,
  /** Kind in the user's words, for example "Azure API for FHIR". */
  kind: text,
  endpoint: text,
});
export type ServiceView = v.InferOutput<typeof service>;

const head = v.object({
  name: text,
  source: service,
  target: service,
  phase: v.picklist(phases),
  /** Why nothing moves right now, one sentence. */
  waiting: maybe(text),
  /** The source cannot be counted: totals are known only as exports end. */
  blind: flag,
  /** How the source exports, and why so, in words. */
  exportMode: maybe(text),
  /** Who drives the migration: this VS Code window, another one or the command line, or nobody. */
  driver: v.picklist(['here', 'other', 'none']),
  controls: list(v.picklist(controls)),
  createdAt: instant,
  startedAt: maybe(instant),
  endedAt: maybe(instant),
  /** Every change before this instant is on the target. */
  watermark: maybe(instant),
  /** How far the copy is verified. */
  verified: v.object({
    until: maybe(instant),
    lagMs: maybe(amount),
    /** `ledger`: the source cannot be counted. */
    by: v.picklist(['ledger', 'counts']),
    windows: amount,
    /** Windows that are counted again, because the source was changed since. */
    different: amount,
  }),
  /** Absent: the migration ends with its backlog. */
  sync: maybe(syncSchema),
  /** Absent: nobody asked for the last window. */
  finish: maybe(finishSchema),
  /** Absent: nobody is near a cutover. */
  cutover: maybe(cutoverSchema),
  staging: v.object({ account: text, container: text, folders: list(text) }),
  journalLength: amount,
});
export type HeadView = v.InferOutput<typeof head>;

const progress = v.object({
  windowsDone: amount,
  windowsKnown: amount,
  exported: amount,
  imported: amount,
  expected: maybe(amount),
  rateNow: maybe(amount),
  rateAverage: maybe(amount),
  remainingMs: maybe(amount),
  /** What the remaining time is computed from, or why there is none, one sentence. */
  remainingBasis: text,
});
export type ProgressView = v.InferOutput<typeof progress>;

const operation = v.object({
  id: text,
  kind: v.picklist(['export', 'import']),
  windows: list(text),
  jobId: maybe(text),
  state: v.picklist(['starting', 'running', 'retrying', 'searching']),
  attempt: amount,
  since: instant,
  /** When it is looked at next. */
  nextAt: maybe(instant),
  resources: maybe(amount),
});
export type OperationView = v.InferOutput<typeof operation>;

const typeTotals = v.object({
  type: text,
  exported: amount,
  imported: amount,
  alreadyThere: amount,
  failed: amount,
  unaccounted: amount,
  onSource: maybe(amount),
  onTarget: maybe(amount),
});
export type TypeTotalsView = v.InferOutput<typeof typeTotals>;

const attention = v.object({
  about,
  failure,
  actions: list(v.picklist(['retry', 'resume', 'catchUp', 'finish', 'cancel', 'signIn', 'failedLines', 'acceptLines'])),
});
export type AttentionView = v.InferOutput<typeof attention>;

/** One window of the table; its files and failure come on request, so that 50,000 rows stay light. */
export interface WindowRow {
  readonly id: string;
  readonly kind: 'backlog' | 'catchUp';
  /** Undefined: from the beginning. */
  readonly since: number | undefined;
  readonly till: number;
  readonly state: WindowState;
  readonly attempts: number;
  readonly expected: number | undefined;
  readonly exported: number;
  readonly imported: number;
  readonly alreadyThere: number;
  readonly failed: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

const orNull = v.nullable(instant);
const packedWindow = v.tuple([
  text,
  v.picklist([0, 1]),
  orNull,
  instant,
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(windowStates.length - 1)),
  instant,
  orNull,
  instant,
  instant,
  instant,
  instant,
  orNull,
  orNull,
]);
/** A row as it travels: its fields in order, `null` for what is unknown. */
export type PackedWindow = v.InferOutput<typeof packedWindow>;

/** Turns a row into the form in which it travels. */
export function packWindow(row: WindowRow): PackedWindow {
  return [
    row.id,
    row.kind === 'backlog' ? 0 : 1,
    row.since ?? null,
    row.till,
    windowStates.indexOf(row.state),
    row.attempts,
    row.expected ?? null,
    row.exported,
    row.imported,
    row.alreadyThere,
    row.failed,
    row.startedAt ?? null,
    row.endedAt ?? null,
  ];
}

/** The reverse of {@link packWindow}. */
export function unpackWindow(packed: PackedWindow): WindowRow {
  const [id, kind, since, till, state, attempts, expected, exported, imported, alreadyThere, failed, start, end] =
    packed;
  return {
    id,
    kind: kind === 0 ? 'backlog' : 'catchUp',
    since: since ?? undefined,
    till,
    state: windowStates[state] ?? 'planned',
    attempts,
    expected: expected ?? undefined,
    exported,
    imported,
    alreadyThere,
    failed,
    startedAt: start ?? undefined,
    endedAt: end ?? undefined,
  };
}

const windowDetail = v.object({ files: amount, failure: maybe(failure) });
/** What the page asks for when a row is opened. */
export type WindowDetail = v.InferOutput<typeof windowDetail>;

/** Sections that a snapshot carries whole and a patch replaces one by one. */
const sections = {
  head,
  progress,
  operations: list(operation),
  totals: list(typeTotals),
  /** At most 240 points, oldest first: instant, and resources imported from the start up to it. */
  throughput: list(v.tuple([instant, amount])),
  attention: list(attention),
  /** Things to know that do not stop the migration. */
  notes: list(text),
};

const savedView = v.object({
  tab: v.picklist(['windows', 'types', 'details']),
  filter: v.picklist(['all', 'active', 'waiting', 'attention', 'finished']),
});
/** What the page remembers of how the user looked at it. */
export type SavedView = v.InferOutput<typeof savedView>;
export const savedViewSchema = savedView;

const version = v.literal(protocolVersion);
const toView = /* @__PURE__ */ (() =>
  v.variant('type', [
    v.object({
      type: v.literal('init'),
      version,
      migrationId: text,
      /** Language tag for numbers and dates, for example `de`. */
      locale: text,
      /** Translations by English text (the editor's `l10n.bundle`); empty: English. */
      strings: v.record(text, text),
      /** How the user looked at this migration last, when the page itself remembers nothing. */
      view: maybe(savedView),
    }),
    v.object({
      type: v.literal('snapshot'),
      version,
      revision: amount,
      /** The host's clock. */
      now: instant,
      ...sections,
      windows: list(packedWindow),
    }),
    v.object({
      type: v.literal('patch'),
      version,
      /** The revision that this one changes; the page asks for a snapshot when it holds another. */
      base: amount,
      revision: amount,
      now: instant,
      ...v.partial(v.object(sections)).entries,
      /** Windows that are new or changed, found by their id. */
      windows: maybe(list(packedWindow)),
      /** Ids of windows that are gone. */
      removed: maybe(list(text)),
    }),
    v.object({ type: v.literal('gone'), version, /** Why, one sentence. */ reason: text, name: maybe(text) }),
    v.object({
      type: v.literal('answer'),
      version,
      id: amount,
      /** Undefined: no such window. */ detail: maybe(windowDetail),
    }),
  ]))();
export type HostMessage = v.InferOutput<typeof toView>;
export type SnapshotMessage = Extract<HostMessage, { type: 'snapshot' }>;
export type PatchMessage = Extract<HostMessage, { type: 'patch' }>;

const toHost = v.variant('type', [
  /** The page is loaded, or has lost the thread: it wants `init` and a snapshot. */
  v.object({ type: v.literal('ready'), version }),
  v.object({ type: v.literal('action'), version, action: v.picklist(actions), about: maybe(about) }),
  v.object({ type: v.literal('openLink'), version, href: text }),
  v.object({ type: v.literal('saveView'), version, view: savedView }),
  /** Wants one `answer` with the same id. */
  v.object({ type: v.literal('ask'), version, id: amount, window: text }),
]);
export type ViewMessage = v.InferOutput<typeof toHost>;

function parse<Schema extends v.GenericSchema>(schema: Schema, message: unknown): v.InferOutput<Schema> | undefined {
  try {
    const result = v.safeParse(schema, message, { abortEarly: true });
    return result.success ? result.output : undefined;
  } catch {
    // A getter or proxy that throws while it is read is no message of ours.
    return undefined;
  }
}

/** Reads what the host sent; anything else is undefined. Never throws. */
export function parseHostMessage(message: unknown): HostMessage | undefined {
  return parse(toView, message);
}

/** Reads what the page sent; anything else is undefined. Never throws. */
export function parseViewMessage(message: unknown): ViewMessage | undefined {
  return parse(toHost, message);
}
