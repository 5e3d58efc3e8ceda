import * as v from 'valibot';
import type { ArmClient, ArmRequest } from './armClient.ts';

/** Rows of a list that have the expected shape, as they come, page by page; others are left out. */
export async function* armRows<Schema extends v.GenericSchema>(
  arm: ArmClient,
  request: ArmRequest,
  schema: Schema,
  signal: AbortSignal,
): AsyncGenerator<v.InferOutput<Schema>, void> {
  for await (const rows of arm.pages(request, signal))
    for (const row of rows) {
      const read = v.safeParse(schema, row);
      if (read.success) yield read.output;
    }
}
