import {
  gateIds,
  stepIds,
  type CleanupRecord,
  type GateDecision,
  type GateId,
  type GateRecord,
  type SignedOff,
  type StepId,
} from '../cutover.ts';
import type { EventOf } from '../events.ts';
import {
  count,
  fields,
  flag,
  form,
  instant,
  list,
  maybe,
  oneOf,
  table,
  text,
  type Fields,
  type Shape,
} from './shape.ts';
import { digestShape } from './valueShapes.ts';

type BodyOf<Kind extends 'gateDecided' | 'cutoverBegun' | 'cutoverSignedOff' | 'wentBack' | 'cleanedUp'> = Fields<
  Omit<EventOf<Kind>, 'kind' | 'at'>
>;

/** Far above what this program writes: there are eight gates and five steps. */
const most = { gates: 50, names: 10_000 } as const;
const sentence = text(2_000);

const gateShape = oneOf<GateId>(...gateIds);
const stepShape = oneOf<StepId>(...stepIds);

function recordShape<Id extends GateId | StepId>(id: Shape<Id>): Shape<GateRecord<Id>> {
  return fields<GateRecord<Id>>({
    id,
    state: oneOf('passed', 'open', 'unknown', 'waived'),
    evidence: sentence,
    at: instant,
  });
}

export const gateDecidedFields: BodyOf<'gateDecided'> = {
  gate: oneOf<GateDecision['gate']>(...gateIds, ...stepIds),
  decision: oneOf('confirmed', 'waived', 'withdrawn'),
  because: maybe(sentence),
};

export const cutoverBegunFields: BodyOf<'cutoverBegun'> = { gates: list(recordShape(gateShape), most.gates) };

export const cutoverSignedOffFields: Fields<SignedOff> & BodyOf<'cutoverSignedOff'> = {
  by: text(200),
  because: maybe(sentence),
  cutoverAt: instant,
  gates: list(recordShape(gateShape), most.gates),
  steps: list(recordShape(stepShape), most.gates),
};

export const wentBackFields: BodyOf<'wentBack'> = { because: sentence };

export const cleanedUpFields: Fields<CleanupRecord> & BodyOf<'cleanedUp'> = {
  blobs: count,
  bytes: count,
  errorFiles: count,
  containers: list(form(/^[a-z0-9][a-z0-9-]{1,62}$/), most.names),
  changes: list(sentence, most.names),
  kept: table(/^[A-Za-z]{1,40}$/, count),
  digest: digestShape,
  proved: flag,
};
