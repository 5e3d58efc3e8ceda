import * as v from 'valibot';
import type { ControlRequest } from '../ports.ts';

/*
 * What others ask of the driver, as the text of a small document beside the journal. Whoever may write there may ask, so
 * every field is checked. Requests with data are objects: their schema joins the list.
 */

const requestSchema: v.GenericSchema<unknown, ControlRequest> = v.union([
  v.picklist(['pause', 'resume', 'cancel', 'retry', 'catchUp']),
]);

const documentSchema = v.object({ v: v.literal(1), request: requestSchema });

/** Longest document that is read, characters. */
export const requestLimit = 1_000_000;

export function encodeRequest(request: ControlRequest): string {
  return JSON.stringify({ v: 1, request });
}

/** Undefined for what this program does not understand: a request of a newer one, or none at all. */
export function decodeRequest(text: string): ControlRequest | undefined {
  if (text.length > requestLimit) return undefined;
  try {
    const read = v.safeParse(documentSchema, JSON.parse(text));
    return read.success ? read.output.request : undefined;
  } catch {
    return undefined;
  }
}
