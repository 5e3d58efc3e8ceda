import * as v from 'valibot';
import { hostFactKinds, type HostFact } from '../events.ts';
import { operationId } from '../ids.ts';
import type { DriverRequest } from '../ports.ts';
import { settingsSchema } from '../sync/settings.ts';

/*
 * What others ask of the driver, as the text of a small document beside the journal. Whoever may write there may ask, so
 * every field is checked. Requests with data are objects: their schema joins the list.
 */

/** Facts are numbers and words that are only shown; a wrong one is refused by its kind and time. */
const factSchema = v.custom<HostFact>((value) =>
  v.is(v.looseObject({ kind: v.picklist(hostFactKinds), at: v.number() }), value),
);

const requestSchema: v.GenericSchema<unknown, DriverRequest> = v.union([
  v.picklist(['pause', 'resume', 'cancel', 'retry', 'catchUp', 'keepSyncing']),
  v.strictObject({ kind: v.literal('finish'), frozenAt: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.strictObject({
    kind: v.literal('stop'),
    cancel: v.pipe(v.array(v.pipe(v.string(), v.maxLength(100), v.transform(operationId))), v.maxLength(1_000)),
  }),
  v.strictObject({ kind: v.literal('change'), settings: settingsSchema }),
  v.strictObject({ kind: v.literal('tell'), fact: factSchema }),
]);

const documentSchema = v.object({ v: v.literal(1), request: requestSchema });

/** Longest document that is read, characters. */
export const requestLimit = 1_000_000;

export function encodeRequest(request: DriverRequest): string {
  return JSON.stringify({ v: 1, request });
}

/** Undefined for what this program does not understand: a request of a newer one, or none at all. */
export function decodeRequest(text: string): DriverRequest | undefined {
  if (text.length > requestLimit) return undefined;
  try {
    const read = v.safeParse(documentSchema, JSON.parse(text));
    return read.success ? read.output.request : undefined;
  } catch {
    return undefined;
  }
}
