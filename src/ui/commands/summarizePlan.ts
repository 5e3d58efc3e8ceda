import type { Ui } from '../ui.ts';
import { planFrom } from './planFrom.ts';
import { reviewPlanFile } from './reviewPlanFile.ts';

/** Opens the review of a plan file. */
export async function summarizePlan(ui: Ui, clicked: unknown): Promise<void> {
  const { uri } = await planFrom(ui, clicked);
  await reviewPlanFile(ui, uri);
}
