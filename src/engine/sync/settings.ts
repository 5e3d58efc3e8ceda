import * as v from 'valibot';
import { calendarSchema } from '../calendar/calendarSchema.ts';
import { limitsSchema, niceSchema, syncSchema, type Plan } from '../plan.ts';

const { exportsAtOnce, importsAtOnce, requestsAtOnce, windowsInFlight } = limitsSchema.entries;

/** What can be changed while a migration runs. Absent: stays as it is; null: no longer. */
export const settingsSchema = v.strictObject({
  exportsAtOnce: v.optional(exportsAtOnce.wrapped),
  importsAtOnce: v.optional(importsAtOnce.wrapped),
  requestsAtOnce: v.optional(requestsAtOnce.wrapped),
  windowsInFlight: v.optional(windowsInFlight.wrapped),
  nice: v.optional(niceSchema),
  sync: v.optional(v.nullable(syncSchema)),
  calendar: v.optional(v.nullable(calendarSchema)),
});

/** A change of what a plan says, journalled and folded into the plan that is in force. */
export type SettingsChange = v.InferOutput<typeof settingsSchema>;
/** A change as somebody writes it: defaults may be left out. */
export type SettingsInput = v.InferInput<typeof settingsSchema>;

/** The plan that is in force after a change. */
export function changedPlan(plan: Plan, change: SettingsChange): Plan {
  const { nice, sync, calendar, ...changed } = change;
  const { sync: oldSync, calendar: oldCalendar, ...rest } = plan;
  const nextSync = sync === undefined ? oldSync : sync;
  const nextCalendar = calendar === undefined ? oldCalendar : calendar;
  const limits = { ...plan.limits };
  for (const name of Object.keys(changed) as (keyof typeof changed)[]) limits[name] = changed[name] ?? limits[name];
  return {
    ...rest,
    limits,
    options: nice === undefined ? plan.options : { ...plan.options, nice },
    ...(nextSync === undefined || nextSync === null ? {} : { sync: nextSync }),
    ...(nextCalendar === undefined || nextCalendar === null ? {} : { calendar: nextCalendar }),
  };
}
