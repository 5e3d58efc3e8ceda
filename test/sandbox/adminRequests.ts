import * as v from 'valibot';
import type { Fault, FhirServiceSpec, JobFault } from './contract.ts';
import { isJsonObject, type JsonObject } from './http.ts';

/*
 * What the admin endpoint takes. The schemas say the same as the interfaces of contract.ts; the compiler checks that each
 * of them gives its interface.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.string();
const jsonObject = v.custom<JsonObject>(isJsonObject, 'An object.');

export const faultSchema: v.GenericSchema<unknown, Fault> = v.strictObject({
  service: text,
  method: v.exactOptional(text),
  path: text,
  skip: v.exactOptional(count),
  count: positive,
  effect: v.variant('kind', [
    v.strictObject({
      kind: v.literal('status'),
      status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
      headers: v.exactOptional(v.record(text, text)),
      body: v.exactOptional(text),
    }),
    v.strictObject({ kind: v.literal('drop') }),
    v.strictObject({ kind: v.literal('lostReply') }),
    v.strictObject({ kind: v.literal('truncate') }),
    v.strictObject({ kind: v.literal('slow'), ms: count }),
    v.strictObject({ kind: v.literal('redirect'), location: text, status: v.exactOptional(positive) }),
    v.strictObject({ kind: v.literal('hugeBody'), bytes: count }),
  ]),
});

export const jobFaultSchema: v.GenericSchema<unknown, JobFault> = v.strictObject({
  service: text,
  operation: v.picklist(['export', 'import', 'reindex']),
  skip: v.exactOptional(count),
  count: positive,
  effect: v.variant('kind', [
    v.strictObject({ kind: v.literal('fail'), status: positive, reason: text }),
    v.strictObject({ kind: v.literal('forget') }),
    v.strictObject({ kind: v.literal('stuck') }),
    v.strictObject({ kind: v.literal('missingFile') }),
    v.strictObject({ kind: v.literal('duplicateFile') }),
    v.strictObject({ kind: v.literal('foreignUrl'), url: text }),
    v.strictObject({ kind: v.literal('refuseLines'), every: positive, text }),
    v.strictObject({ kind: v.literal('loseLines'), every: positive }),
  ]),
});

const timing = v.strictObject({
  pickUpMs: v.exactOptional(count),
  fixedMs: v.exactOptional(count),
  resourcesPerSecond: v.exactOptional(v.pipe(v.number(), v.minValue(0.001))),
  settleMs: v.exactOptional(count),
});

/** What can change while a service runs: not its name, flavour, version, place or data. */
export const serviceChangeSchema: v.GenericSchema<unknown, Partial<FhirServiceSpec>> = v.strictObject({
  deprecated: v.exactOptional(v.boolean()),
  initialImportMode: v.exactOptional(v.boolean()),
  importEnabled: v.exactOptional(v.boolean()),
  exportEnabled: v.exactOptional(v.boolean()),
  exportAccount: v.exactOptional(text),
  importAccount: v.exactOptional(text),
  exportsAtOnce: v.exactOptional(positive),
  importLimit: v.exactOptional(positive),
  importStatusQueryMs: v.exactOptional(count),
  exportTiming: v.exactOptional(timing),
  importTiming: v.exactOptional(timing),
  reindexTiming: v.exactOptional(timing),
});

export const clockSchema = v.strictObject({ advanceMs: count });

export const principalSchema = v.strictObject({
  roles: v.array(v.strictObject({ role: text, at: text })),
});

/** How ARM's long-running operations behave from now on. */
export const operationSchema = v.strictObject({
  polls: v.exactOptional(count),
  retryAfterSeconds: v.exactOptional(count),
  style: v.exactOptional(v.picklist(['azureAsyncOperation', 'location', 'resource'])),
  failNext: v.exactOptional(v.strictObject({ code: text, message: text })),
});

export const resourceSchema = v.strictObject({ id: text, change: jsonObject });
