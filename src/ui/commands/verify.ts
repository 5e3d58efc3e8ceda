import * as v from 'valibot';
import * as vscode from 'vscode';
import { migrationId } from '../../engine/ids.ts';
import { planService } from '../../services/planDraft.ts';
import { checkpointSchema, requestDigest, type VerificationCheckpoint } from '../../services/verify/checkpoint.ts';
import { differenceKey } from '../../services/verify/record.ts';
import type { Verification, VerificationRequest } from '../../services/verify/verification.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { differencesView } from '../verify/differencesView.ts';
import { outcomeWords, progressWords } from '../verify/differenceWords.ts';
import type { VerifiedPair } from '../verify/shownVerification.ts';
import { verificationMarkdown } from '../verify/verificationReport.ts';
import { askForMigration, askForPair, left } from './askFor.ts';
import { askForVerification } from './askForVerification.ts';
import { migrationIdOf, servicesOf } from './selection.ts';

/** Verifies a migration, or any two services, at a depth that the user chooses. */
export async function verify(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  await run(ui, await askForVerification(ui, await pairOf(ui, clicked, selected)));
}

/** Verifies the same again. */
export async function verifyAgain(ui: Ui): Promise<void> {
  const shown = ui.differences.view?.list.shown;
  if (shown !== undefined) await run(ui, shown.request);
}

/** The two services of a migration node, those selected, or those that the user picks. */
async function pairOf(ui: Ui, clicked: unknown, selected: unknown): Promise<VerifiedPair> {
  const services = servicesOf(clicked, selected, ui.catalog.services);
  const named = migrationIdOf(clicked);
  if (services.length === 0 && (named !== undefined || (await wantsMigration(ui)))) {
    const id = named ?? (await askForMigration(ui, 'verify.migration', vscode.l10n.t('Verify')));
    await ui.migrations.open(id);
    const plan = ui.migrations.state(id)?.overview.plan;
    if (plan === undefined) throw left();
    return { source: plan.source, target: plan.target, migration: migrationId(id) };
  }
  const [source, target] = await askForPair(ui, 'verify', vscode.l10n.t('Verify'), clicked, selected);
  // A service found by discovery lacks nothing that a plan would say of it.
  return { source: planService(source), target: planService(target) };
}

async function wantsMigration(ui: Ui): Promise<boolean> {
  await ui.migrations.load();
  if ((ui.migrations.states ?? []).length === 0) return false;
  const what = await ui.prompts.pick({
    id: 'verify.what',
    title: vscode.l10n.t('Verify'),
    choices: [
      { label: vscode.l10n.t('A migration'), icon: 'arrow-swap', value: 'migration' as const },
      { label: vscode.l10n.t('Any two services'), icon: 'server', value: 'services' as const },
    ],
  });
  if (what === 'migration') return true;
  if (what === 'services') return false;
  throw left();
}

async function run(ui: Ui, asked: VerificationRequest): Promise<void> {
  const request = await withResume(ui, asked);
  const key = requestDigest(asked);
  const { source, target } = request;
  const title = vscode.l10n.t('Verifying {0} and {1}', source.name, target.name);
  let checkpoint: VerificationCheckpoint | undefined;
  let result: Verification;
  try {
    result = await withProgress('notification', title, async (signal, say) => {
      await ui.signIn.ensureForServices([source, target], signal);
      return (await ui.services()).verify(request, signal, {
        progress: (progress) => say(progressWords(progress)),
        checkpoint: (reached) => (checkpoint = reached),
      });
    });
  } catch (error) {
    // What was compared so far need not be compared again.
    if (checkpoint !== undefined) await ui.memory.setCheckpoint(key, checkpoint);
    throw error;
  }
  await ui.memory.setCheckpoint(key, undefined);
  const known = withAccepted(ui, request, result);
  const { list } = differencesView(ui.differences, ui.documents);
  list.show(request, known);
  ui.log.info('Verified', { depth: result.depth, outcome: result.outcome, differences: result.differences.length });
  await tell(ui, request, known);
}

/** Goes on where the same verification was interrupted, if the user likes. */
async function withResume(ui: Ui, request: VerificationRequest): Promise<VerificationRequest> {
  const stored = v.safeParse(checkpointSchema, ui.memory.checkpointOf(requestDigest(request)));
  if (!stored.success) return request;
  const answer = await ui.prompts.message({
    id: 'verify.resume',
    severity: 'info',
    modal: true,
    text: vscode.l10n.t('This verification was interrupted. Go on where it stopped?'),
    detail: vscode.l10n.t('What was found equal is not compared again; the rest is compared as of the same instant.'),
    buttons: [
      { id: 'resume', label: vscode.l10n.t('Go On') },
      { id: 'restart', label: vscode.l10n.t('From the Beginning') },
    ],
  });
  if (answer === undefined) throw left();
  return answer === 'resume' ? { ...request, resume: stored.output } : request;
}

/** Of two services without a migration, what was accepted is remembered by the editor. */
function withAccepted(ui: Ui, request: VerificationRequest, result: Verification): Verification {
  if (request.migration !== undefined) return result;
  const scope = pairKey(request);
  const accepted = ui.memory.acceptedOf(scope);
  return {
    ...result,
    differences: result.differences.map((difference) => {
      const key = differenceKey(scope, difference);
      return Object.hasOwn(accepted, key) ? { ...difference, accepted: accepted[key] ?? '' } : difference;
    }),
  };
}

/** Names two services in the memory of the editor. */
export const pairKey = ({ source, target }: VerifiedPair): string => `${source.endpoint} ${target.endpoint}`;

async function tell(ui: Ui, request: VerificationRequest, result: Verification): Promise<void> {
  const report = ui.documents.create(
    'verifications',
    `${result.sourceName} ${result.targetName}`,
    'md',
    verificationMarkdown({ request, result }),
    [{ title: vscode.l10n.t('$(refresh) Verify Again'), command: 'fhirMigration.verifyAgain', arguments: [] }],
  );
  await ui.documents.show(report);
  const open = result.differences.some(({ accepted }) => accepted === undefined);
  if (open) await vscode.commands.executeCommand('fhirMigration.differences.focus');
  void ui.prompts.message({
    id: 'verify.done',
    severity: result.outcome === 'equal' ? 'info' : 'warning',
    text: vscode.l10n.t('{0} and {1}: {2}', result.sourceName, result.targetName, outcomeWords(result)),
    buttons: [],
  });
}
