import { parse } from 'jsonc-parser';
import * as v from 'valibot';
import { planSchema } from '../../engine/plan.ts';
import type { PlanProblem } from '../../services/contract.ts';
import { readPlan } from '../../services/planReading.ts';

/**
 * The problems of a plan file to mark in its text. Where the editor checks the JSON schema itself, only those that a
 * schema cannot see, so that nothing is said twice.
 */
export function planProblems(text: string, schemaIsChecked: boolean): readonly PlanProblem[] {
  const { problems } = readPlan(text);
  if (!schemaIsChecked || problems.length === 0) return problems;
  return v.is(planSchema, parse(text)) ? problems : [];
}
