import type { EventOf } from '../events.ts';
import type { VerificationRecord, VerifiedType } from '../verified.ts';
import { amount, count, fields, flag, form, instant, list, maybe, oneOf, table, text, type Fields } from './shape.ts';
import { failureShape, most, operationShape, typeShape, windowShape } from './valueShapes.ts';

type BodyOf<Kind extends 'windowVerified' | 'verificationRecorded' | 'differencesTreated'> = Fields<
  Omit<EventOf<Kind>, 'kind' | 'at'>
>;

export const windowVerifiedFields: BodyOf<'windowVerified'> = {
  window: windowShape,
  operation: maybe(operationShape),
  outcome: oneOf('equal', 'different', 'uncounted'),
  types: list(typeShape, most.types),
  failure: maybe(failureShape),
};

const verifiedType = fields<VerifiedType>({
  type: typeShape,
  source: maybe(count),
  target: maybe(count),
  equal: count,
  unread: count,
  recovered: count,
  changedLater: count,
  differs: count,
  missingOnTarget: count,
  extraOnTarget: count,
  unreadable: count,
});

export const verificationRecordedFields: BodyOf<'verificationRecorded'> = {
  verification: fields<VerificationRecord>({
    depth: oneOf('ledger', 'range', 'content'),
    outcome: oneOf('equal', 'different', 'incomplete'),
    truth: oneOf('service', 'stagedFiles', 'journal'),
    since: maybe(instant),
    till: maybe(instant),
    startedAt: instant,
    endedAt: instant,
    types: list(verifiedType, most.types),
    sample: maybe(
      fields<NonNullable<VerificationRecord['sample']>>({
        compared: count,
        of: count,
        differing: count,
        upperShare: amount,
      }),
    ),
    openRanges: count,
    truncated: flag,
    accepted: count,
  }),
};

export const differencesTreatedFields: BodyOf<'differencesTreated'> = {
  treatment: oneOf('accepted', 'withdrawn', 'imported', 'deleted'),
  classes: table(/^[A-Za-z]{1,40}$/, count),
  because: maybe(text(1_000)),
  keys: maybe(list(form(/^[A-Za-z0-9+/=_-]{16,100}$/), most.parts)),
};
