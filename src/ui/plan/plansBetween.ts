import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import { readPlan } from '../../services/planReading.ts';
import { endpointKey } from '../tree/buildTree.ts';
import { planFileGlob } from './planFile.ts';

/** More plan files than this are not looked through. */
const mostPlans = 100;

export interface PlanFile {
  readonly uri: vscode.Uri;
  readonly plan: Plan;
}

/**
 * Valid plan files that move data from one service to the other.
 * @param among the files to look into; default: those of the workspace
 */
export async function plansBetween(
  source: { readonly endpoint: string },
  target: { readonly endpoint: string },
  among?: readonly vscode.Uri[],
): Promise<readonly PlanFile[]> {
  const [from, to] = [endpointKey(source.endpoint), endpointKey(target.endpoint)];
  const found: PlanFile[] = [];
  for (const uri of among ?? (await vscode.workspace.findFiles(planFileGlob, undefined, mostPlans))) {
    const { plan } = readPlan((await vscode.workspace.openTextDocument(uri)).getText());
    if (plan === undefined) continue;
    if (endpointKey(plan.source.endpoint) === from && endpointKey(plan.target.endpoint) === to)
      found.push({ uri, plan });
  }
  return found;
}
