import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { readPlan } from '../../services/planReading.ts';
import { writeRecords } from '../commands/keepPredictions.ts';
import { planFileGlob } from '../plan/planFile.ts';
import { endpointKey } from '../tree/buildTree.ts';
import type { KeptSelection } from './driftList.ts';

/** More plan files are not looked through. */
const maxPlans = 100;

/**
 * The plan file that keeps what is set aside of a pair of services: the one that the comparison was started from, else
 * the first in the workspace that moves the one to the other.
 */
export async function selectionOf(
  source: DiscoveredService,
  target: DiscoveredService,
  named: vscode.Uri | undefined,
): Promise<KeptSelection | undefined> {
  const [from, to] = [endpointKey(source.endpoint), endpointKey(target.endpoint)];
  for (const uri of named === undefined
    ? await vscode.workspace.findFiles(planFileGlob, undefined, maxPlans)
    : [named]) {
    const { plan } = readPlan((await vscode.workspace.openTextDocument(uri)).getText());
    if (plan === undefined) continue;
    if (endpointKey(plan.source.endpoint) !== from || endpointKey(plan.target.endpoint) !== to) continue;
    return {
      plan: uri,
      excluded: plan.setAside ?? [],
      save: (excluded) => writeRecords(uri, { setAside: [...excluded] }),
    };
  }
  return undefined;
}
