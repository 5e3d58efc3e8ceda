import type * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { writeRecords } from '../commands/keepPredictions.ts';
import { plansBetween } from '../plan/plansBetween.ts';
import type { KeptSelection } from './driftList.ts';

/**
 * The plan file that keeps what is set aside of a pair of services: the one that the comparison was started from, else
 * the first in the workspace that moves the one to the other.
 */
export async function selectionOf(
  source: DiscoveredService,
  target: DiscoveredService,
  named: vscode.Uri | undefined,
): Promise<KeptSelection | undefined> {
  const [first] = await plansBetween(source, target, named && [named]);
  if (first === undefined) return undefined;
  const { uri, plan } = first;
  return {
    plan: uri,
    excluded: plan.setAside ?? [],
    save: (excluded) => writeRecords(uri, { setAside: [...excluded] }),
  };
}
