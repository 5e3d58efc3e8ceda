import * as v from 'valibot';
import type { EventOf, JournalEvent } from '../events.ts';
import { settingsSchema, type SettingsChange } from '../sync/settings.ts';
import {
  cleanedUpFields,
  cutoverBegunFields,
  cutoverSignedOffFields,
  gateDecidedFields,
  wentBackFields,
} from './cutoverShapes.ts';
import { probeFields, provenFields } from './probeShapes.ts';
import { count, fields, flag, instant, isRecord, list, maybe, oneOf, table, type Fields, type Shape } from './shape.ts';
import {
  address,
  attachmentShape,
  boundsFields,
  copyShape,
  digestShape,
  failureShape,
  migrationShape,
  most,
  operationShape,
  partJudgementShape,
  partResultShape,
  partShape,
  plannedPartShape,
  reasonsShape,
  serverName,
  typeName,
  typeShape,
  windowShape,
  words,
} from './valueShapes.ts';
import { differencesTreatedFields, verificationRecordedFields, windowVerifiedFields } from './verifiedShapes.ts';

type BodyOf<Kind extends JournalEvent['kind']> = Omit<EventOf<Kind>, 'kind' | 'at'>;
type Bodies = { readonly [Kind in JournalEvent['kind']]: Fields<BodyOf<Kind>> };

const operation = { operation: operationShape };
const counted = fields<{ readonly source?: number | undefined; readonly target?: number | undefined }>({
  source: maybe(count),
  target: maybe(count),
});

/** The fields of every kind of event, beside its kind and its instant. */
const bodies: Bodies = {
  // The plan has a schema of its own, which also fills in what older plans do not say.
  created: { migration: migrationShape, plan: isRecord as Shape<EventOf<'created'>['plan']> },
  started: {},
  pauseRequested: { cancel: maybe(list(operationShape, most.parts)) },
  paused: {},
  resumed: {},
  cancelRequested: {},
  cancelled: {},
  retryRequested: { stuck: list(operationShape, most.parts) },
  catchUpRequested: {},
  halted: { failure: failureShape },
  attentionNeeded: {},
  completed: {},
  sourceProbed: {
    serverTime: instant,
    targetTime: instant,
    counts: flag,
    deprecated: flag,
    earliest: maybe(instant),
    empty: flag,
    targetEmpty: maybe(flag),
    failure: maybe(failureShape),
  },
  probeStarted: probeFields,
  probeEnded: { empty: flag },
  deidentificationProven: provenFields,
  sourceRetired: {},
  countsRefused: { failure: failureShape },
  searchParametersCopied: { window: maybe(windowShape), outcomes: list(copyShape, most.parts) },
  searchParametersFailed: { window: maybe(windowShape), failure: failureShape },
  roundOpened: {
    ...boundsFields,
    round: count,
    blind: flag,
    versions: maybe(count),
    purpose: maybe(oneOf('sync', 'last', 'proof')),
    newest: maybe(instant),
  },
  finishRequested: { frozenAt: instant },
  finishWithdrawn: {},
  finishDrained: {},
  freezeChecked: {
    round: count,
    outcome: oneOf('frozen', 'written', 'unproven'),
    by: oneOf('search', 'export', 'retired', 'none'),
    newestAfter: maybe(instant),
    changes: maybe(count),
    failure: maybe(failureShape),
  },
  settingsChanged: { settings: (value): value is SettingsChange => v.is(settingsSchema, value) },
  slowedDown: {
    service: oneOf('source', 'target'),
    reason: oneOf('throttled', 'latency', 'charge'),
    until: instant,
  },
  windowsJoined: { windows: list(windowShape, most.windows) },
  windowPlanned: {
    ...boundsFields,
    window: windowShape,
    round: count,
    expected: maybe(count),
    types: maybe(list(fields({ type: typeShape, expected: maybe(count) }), most.types)),
  },
  rangeSkipped: { ...boundsFields, round: count },
  windowSplit: {
    window: windowShape,
    failure: maybe(failureShape),
    parts: list(fields({ ...boundsFields, window: windowShape }), most.parts),
    maxCount: maybe(count),
  },
  quietChecked: { round: count, changes: maybe(count), failure: maybe(failureShape) },
  countsCompared: { types: table(typeName, counted), failure: maybe(failureShape) },
  differencesLocated: { windows: list(windowShape, most.windows) },
  exportIntended: { ...operation, ...boundsFields, window: windowShape, serverTime: instant, maxCount: maybe(count) },
  exportAccepted: {
    ...operation,
    statusUrl: address,
    jobId: serverName,
    serverTime: maybe(instant),
    adopted: flag,
  },
  exportReplyLost: { ...operation, failure: maybe(failureShape) },
  exportCandidate: { ...operation, jobId: serverName, statusUrl: address, folder: serverName },
  candidateRefused: { ...operation, jobId: serverName },
  exportAbandoned: { ...operation, failure: failureShape, retryAt: maybe(instant) },
  exportCompleted: {
    ...operation,
    folders: list(serverName, most.parts),
    resources: count,
    files: count,
    parts: list(plannedPartShape, most.parts),
    setAside: fields({ files: count, resources: count }),
    manifest: maybe(attachmentShape),
    errors: count,
    seenRunningAt: maybe(instant),
    recount: maybe(count),
  },
  exportFailed: { ...operation, failure: failureShape, retryAt: maybe(instant), maxCount: maybe(count) },
  orphansChecked: { ...operation, orphans: list(fields({ jobId: serverName, cancelled: flag }), most.parts) },
  importIntended: {
    ...operation,
    parts: list(partShape, most.parts),
    list: attachmentShape,
    unitBytes: maybe(count),
  },
  importAccepted: { ...operation, statusUrl: address, jobId: serverName },
  importDelayed: { ...operation, failure: failureShape, retryAt: instant },
  importCompleted: {
    ...operation,
    parts: list(partResultShape, most.parts),
    result: attachmentShape,
    seenRunningAt: maybe(instant),
  },
  importJudged: { ...operation, parts: list(partJudgementShape, most.parts) },
  linesJudged: { parts: list(partJudgementShape, most.parts) },
  linesAccepted: {
    window: windowShape,
    lines: count,
    reasons: reasonsShape,
    because: words,
    digest: maybe(digestShape),
  },
  importFailed: {
    ...operation,
    failure: failureShape,
    retryAt: maybe(instant),
    damaged: list(windowShape, most.windows),
  },
  windowVerified: windowVerifiedFields,
  verificationRecorded: verificationRecordedFields,
  differencesTreated: differencesTreatedFields,
  gateDecided: gateDecidedFields,
  cutoverBegun: cutoverBegunFields,
  cutoverSignedOff: cutoverSignedOffFields,
  wentBack: wentBackFields,
  cleanedUp: cleanedUpFields,
  operationCancelled: { ...operation, failure: maybe(failureShape), again: flag },
};

/** The fields of every kind of event, by its name. */
export const eventFields: ReadonlyMap<unknown, Readonly<Record<string, Shape<unknown>>>> = new Map(
  Object.entries(bodies).map(([kind, body]) => [kind, { kind: oneOf(kind), at: instant, ...body }]),
);

/** Tells whether a value is an event of this program, every field of it. */
export const eventShapes: ReadonlyMap<unknown, Shape<unknown>> = new Map(
  [...eventFields].map(([kind, shapes]) => [kind, fields(shapes)]),
);
