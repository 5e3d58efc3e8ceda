import type { Failure, FailureKind } from '../../failure/failure.ts';
import type {
  AttachmentRef,
  PartJudgement,
  PartRef,
  PartResult,
  PlannedPart,
  RetriedLines,
  WindowBounds,
} from '../events.ts';
import type { AttachmentName, MigrationId, OperationId, WindowId } from '../ids.ts';
import type { SearchParameterCopy } from '../ports.ts';
import { count, fields, form, instant, list, maybe, oneOf, table, text, type Fields, type Shape } from './shape.ts';

/*
 * Shapes of the values that records hold. Limits are far above what this program writes: they only keep a hostile
 * journal from being a burden.
 */

export const most = { windows: 200_000, parts: 100_000, types: 1_000, notes: 1_000 } as const;

const idPattern = /^[A-Za-z0-9][A-Za-z0-9.-]{0,120}$/;
export const windowShape: Shape<WindowId> = form<WindowId>(idPattern);
export const operationShape: Shape<OperationId> = form<OperationId>(idPattern);
export const migrationShape: Shape<MigrationId> = form<MigrationId>(/^[A-Za-z0-9][A-Za-z0-9-]{0,80}$/);
/** A resource type as `resourceTypePattern` of the manifests has it. */
export const typeName = /^[A-Z][A-Za-z0-9]{0,63}$/;
export const typeShape: Shape<string> = form(typeName);
export const words: Shape<string> = text(20_000);
/** Ids that servers give, and folders that they name. */
export const serverName: Shape<string> = form(/^[^\p{Cc}]{1,1000}$/u);
/** Where an operation is asked for; whether it is the service's own is seen when it is used. */
export const address: Shape<string> = form(/^https:\/\/[\x21-\x7e]{1,16000}$/);

const failureKinds: Readonly<Record<FailureKind, true>> = {
  notSignedIn: true,
  forbidden: true,
  notFound: true,
  retired: true,
  throttled: true,
  unavailable: true,
  network: true,
  locked: true,
  conflict: true,
  tooLarge: true,
  rejected: true,
  serverError: true,
  unexpectedAnswer: true,
  invalidInput: true,
  journal: true,
  diskFull: true,
  cancelled: true,
  bug: true,
};

export const failureShape: Shape<Failure> = fields<Failure>({
  kind: oneOf(...(Object.keys(failureKinds) as FailureKind[])),
  message: words,
  service: maybe(words),
  request: maybe(words),
  status: maybe(count),
  diagnostics: maybe(list(words, 1_000)),
  code: maybe(words),
  requestId: maybe(words),
  retryAfterMs: maybe(instant),
  nextStep: maybe(words),
});

export const boundsFields: Fields<WindowBounds> = { since: maybe(instant), till: instant };

export const attachmentShape: Shape<AttachmentRef> = fields<AttachmentRef>({
  name: form<AttachmentName>(/^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{0,120}$/),
  hash: form(/^[0-9a-f]{64}$/),
});

export const plannedPartShape: Shape<PlannedPart> = fields<PlannedPart>({
  type: typeShape,
  files: count,
  resources: count,
  bytes: count,
});

const partFields: Fields<PartRef> = { window: windowShape, operation: operationShape, part: count };
export const partShape: Shape<PartRef> = fields<PartRef>(partFields);
export const partResultShape: Shape<PartResult> = fields<PartResult>({
  ...partFields,
  imported: count,
  refused: count,
  unaccounted: count,
});
/** Lines by the reason of their refusal. */
export const reasonsShape: Shape<Readonly<Record<string, number>>> = table(/^[A-Za-z]{1,40}$/, count);
export const digestShape: Shape<string> = form(/^[0-9a-f]{64}$/);
export const partJudgementShape: Shape<PartJudgement> = fields<PartJudgement>({
  ...partFields,
  alreadyThere: count,
  superseded: count,
  failed: count,
  reasons: reasonsShape,
  retry: maybe(
    fields<RetriedLines>({ list: attachmentShape, folder: serverName, files: count, resources: count, bytes: count }),
  ),
  retryAt: maybe(instant),
});

export const copyShape: Shape<SearchParameterCopy> = fields<SearchParameterCopy>({
  url: words,
  outcome: oneOf('created', 'alreadyThere', 'failed'),
  failure: maybe(failureShape),
});
