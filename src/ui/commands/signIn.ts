import type { Ui } from '../ui.ts';
import { nodeOf } from './selection.ts';

/** Signs in, for what was refused last where something was; signed in already: lets the user choose another account. */
export async function signIn(ui: Ui, clicked: unknown): Promise<void> {
  const nothingMissing = !ui.signIn.somethingRefused && (await ui.signIn.isSignedIn());
  const otherAccount = clicked === 'otherAccount' || nothingMissing;
  const done = await ui.signIn.signIn(otherAccount ? { otherAccount } : {});
  if (done) await ui.catalog.refresh();
}

/** Signs in to the tenant of a node that needs it. */
export async function signInToTenant(ui: Ui, clicked: unknown): Promise<void> {
  const problem = nodeOf(clicked)?.problem;
  const tenantId =
    typeof clicked === 'string'
      ? clicked
      : typeof problem === 'object' && problem !== null && 'tenantId' in problem && typeof problem.tenantId === 'string'
        ? problem.tenantId
        : ui.catalog.current.problems.find(({ failure, tenantId: id }) => failure.kind === 'notSignedIn' && id)
            ?.tenantId;
  const done = await ui.signIn.signIn(tenantId === undefined ? {} : { tenantId });
  if (done) await ui.catalog.refresh();
}
