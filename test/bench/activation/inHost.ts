import { extensions } from 'vscode';

import { activationAddressVariable } from './report.ts';
import type { ActivationReport, ActivationTask } from './report.ts';

/** Runs inside the extension host: activates extensions in the order asked for and reports how long each took. */
export async function run(): Promise<void> {
  const address = process.env[activationAddressVariable] ?? '';
  const { order } = (await (await fetch(address)).json()) as ActivationTask;
  const milliseconds: Record<string, number> = {};
  let report: ActivationReport = { milliseconds };
  try {
    for (const id of order) milliseconds[id] = await activate(id);
  } catch (error) {
    report = { milliseconds, problem: String(error) };
  }
  await fetch(address, { method: 'POST', body: JSON.stringify(report) });
}

async function activate(id: string): Promise<number> {
  const extension = extensions.getExtension(id);
  if (extension === undefined) throw new Error(`${id} is not there.`);
  if (extension.isActive) throw new Error(`${id} was active before it could be measured.`);
  const started = performance.now();
  await extension.activate();
  return performance.now() - started;
}
