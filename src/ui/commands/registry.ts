import * as l10n from '@vscode/l10n';
import { createTarget, deployTarget } from '../targets/createTarget.ts';
import { setLanguage } from '../words/format.ts';
import { acceptFinding, withdrawFinding } from './acceptFinding.ts';
import { addClientSecret } from './addClientSecret.ts';
import { addServer } from './addServer.ts';
import { assessReadiness } from './assessReadiness.ts';
import { cleanUp, decommission } from './cleanUp.ts';
import { changeLimits } from './changeLimits.ts';
import { chooseSignInMethod } from './chooseSignInMethod.ts';
import {
  chooseDrift,
  chooseShownDrift,
  closeComparison,
  filterDrift,
  openDriftTarget,
  showDrift,
} from './chooseDrift.ts';
import { createSmokeTests } from '../applications/createSmokeTests.ts';
import { findOldEndpointCommand } from '../applications/findOldEndpoint.ts';
import { compareQueries, newQueries } from '../applications/queries.ts';
import { checkSearchParameters } from '../carryOver/checkSearchParameters.ts';
import { copyProfiles } from '../carryOver/copyProfiles.ts';
import { copySearchParameters } from '../carryOver/copySearchParameters.ts';
import { reindex } from '../carryOver/reindex.ts';
import { compare, refreshComparison } from './compare.ts';
import { carryConfiguration } from '../changes/carryConfiguration.ts';
import { assignPermissions, carryPermissions, exportPermissions } from '../changes/carryPermissions.ts';
import type { Command, CommandId } from './command.ts';
import { compareMetadata } from './compareMetadata.ts';
import { controlMigrations } from './controlMigrations.ts';
import { copyEndpoint, copyResourceId } from './copyFromService.ts';
import { copyForSupport } from './copyForSupport.ts';
import { acceptFailedLines, showFailedLines } from './failedLines.ts';
import { cutOver, stepCutover } from './cutOver.ts';
import { keepTargetVersion, takeSourceVersion } from './decideConflicts.ts';
import { finishMigrations } from './finishMigrations.ts';
import { assessAgain, closeFindings, fixFinding, showFinding } from './findings.ts';
import { findService } from './findService.ts';
import { keepPredictions } from './keepPredictions.ts';
import { migrate } from './migrate.ts';
import { openInPortal } from './openInPortal.ts';
import { openJournal, openSummary } from './openMigrationDocument.ts';
import { openMigration } from './openMigration.ts';
import { openPlan } from './openPlan.ts';
import { openStaging } from './openStaging.ts';
import { openWalkthrough } from './openWalkthrough.ts';
import { applyPreparation, prepare } from './prepare.ts';
import { savePortfolio, showPortfolio } from './portfolio.ts';
import { refresh } from './refresh.ts';
import { removeServer } from './removeServer.ts';
import { openReport, saveReport } from './report.ts';
import { retryProblem } from './retryProblem.ts';
import { rehearse } from './rehearse.ts';
import { runPreflight } from './runPreflight.ts';
import { saveComparison } from './saveComparison.ts';
import { selectSubscriptions } from './selectSubscriptions.ts';
import { moveJournal, unwatchShared, watchShared } from './shareMigrations.ts';
import { closeVerification, openVerification, showDifference } from './showDifference.ts';
import { showProblem } from './showProblem.ts';
import { signIn, signInToTenant } from './signIn.ts';
import { startMigration } from './startMigration.ts';
import { stopMigration } from './stopMigration.ts';
import { summarizePlan } from './summarizePlan.ts';
import { acceptDifferences, deleteExtras, importAgain, withdrawAcceptance } from './treatDifferences.ts';
import { uploadDeidentification } from './uploadDeidentification.ts';
import { verify, verifyAgain } from './verify.ts';
import { undoChanges } from './undoChanges.ts';

/** Every command of the extension, by its id. The manifest contributes exactly these. */
export const commands: Readonly<Record<CommandId, Command>> = {
  'fhirMigration.signIn': signIn,
  'fhirMigration.signInToTenant': signInToTenant,
  'fhirMigration.chooseSignInMethod': chooseSignInMethod,
  'fhirMigration.addClientSecret': addClientSecret,
  'fhirMigration.refresh': refresh,
  'fhirMigration.findService': findService,
  'fhirMigration.selectSubscriptions': selectSubscriptions,
  'fhirMigration.addServer': addServer,
  'fhirMigration.removeServer': removeServer,
  'fhirMigration.showPortfolio': showPortfolio,
  'fhirMigration.savePortfolio': savePortfolio,
  'fhirMigration.copyEndpoint': copyEndpoint,
  'fhirMigration.copyResourceId': copyResourceId,
  'fhirMigration.openInPortal': openInPortal,
  'fhirMigration.retryProblem': retryProblem,
  'fhirMigration.showProblem': showProblem,
  'fhirMigration.compareMetadata': compareMetadata,
  'fhirMigration.compare': compare,
  'fhirMigration.refreshComparison': refreshComparison,
  'fhirMigration.filterDrift': filterDrift,
  'fhirMigration.excludeDrift': chooseDrift(false),
  'fhirMigration.includeDrift': chooseDrift(true),
  'fhirMigration.showDrift': showDrift,
  'fhirMigration.closeComparison': closeComparison,
  'fhirMigration.verify': verify,
  'fhirMigration.verifyAgain': verifyAgain,
  'fhirMigration.showDifference': showDifference,
  'fhirMigration.openVerification': openVerification,
  'fhirMigration.importAgain': importAgain,
  'fhirMigration.deleteExtras': deleteExtras,
  'fhirMigration.acceptDifferences': acceptDifferences,
  'fhirMigration.withdrawAcceptance': withdrawAcceptance,
  'fhirMigration.keepTargetVersion': keepTargetVersion,
  'fhirMigration.takeSourceVersion': takeSourceVersion,
  'fhirMigration.closeVerification': closeVerification,
  'fhirMigration.copySearchParameters': copySearchParameters,
  'fhirMigration.checkSearchParameters': checkSearchParameters,
  'fhirMigration.reindex': reindex,
  'fhirMigration.copyProfiles': copyProfiles,
  'fhirMigration.saveComparison': saveComparison,
  'fhirMigration.excludeShownDrift': chooseShownDrift(false),
  'fhirMigration.includeShownDrift': chooseShownDrift(true),
  'fhirMigration.openDriftTarget': openDriftTarget,
  'fhirMigration.newQueries': newQueries,
  'fhirMigration.compareQueries': compareQueries,
  'fhirMigration.findOldEndpoint': findOldEndpointCommand,
  'fhirMigration.createSmokeTests': createSmokeTests,
  'fhirMigration.assessReadiness': assessReadiness,
  'fhirMigration.acceptFinding': acceptFinding,
  'fhirMigration.withdrawFinding': withdrawFinding,
  'fhirMigration.fixFinding': fixFinding,
  'fhirMigration.showFinding': showFinding,
  'fhirMigration.assessAgain': assessAgain,
  'fhirMigration.closeFindings': closeFindings,
  'fhirMigration.migrate': migrate,
  'fhirMigration.summarizePlan': summarizePlan,
  'fhirMigration.keepPredictions': keepPredictions,
  'fhirMigration.uploadDeidentification': uploadDeidentification,
  'fhirMigration.rehearse': rehearse,
  'fhirMigration.runPreflight': runPreflight,
  'fhirMigration.prepare': prepare,
  'fhirMigration.applyPreparation': applyPreparation,
  'fhirMigration.undoChanges': undoChanges,
  'fhirMigration.carryConfiguration': carryConfiguration,
  'fhirMigration.carryPermissions': carryPermissions,
  'fhirMigration.assignPermissions': assignPermissions,
  'fhirMigration.exportPermissions': exportPermissions,
  'fhirMigration.createTarget': createTarget,
  'fhirMigration.deployTarget': deployTarget,
  'fhirMigration.startMigration': startMigration,
  'fhirMigration.openMigration': openMigration,
  'fhirMigration.pause': controlMigrations('pause'),
  'fhirMigration.stop': stopMigration,
  'fhirMigration.resume': controlMigrations('resume'),
  'fhirMigration.retry': controlMigrations('retry'),
  'fhirMigration.catchUp': controlMigrations('catchUp'),
  'fhirMigration.finish': finishMigrations,
  'fhirMigration.keepSyncing': controlMigrations('keepSyncing'),
  'fhirMigration.changeLimits': changeLimits,
  'fhirMigration.cancel': controlMigrations('cancel'),
  'fhirMigration.openPlan': openPlan,
  'fhirMigration.openSummary': openSummary,
  'fhirMigration.openReport': openReport,
  'fhirMigration.saveReport': saveReport,
  'fhirMigration.cutOver': cutOver,
  'fhirMigration.stepCutover': stepCutover,
  'fhirMigration.cleanUp': cleanUp,
  'fhirMigration.decommission': decommission,
  'fhirMigration.openJournal': openJournal,
  'fhirMigration.openStaging': openStaging,
  'fhirMigration.watchShared': watchShared,
  'fhirMigration.unwatchShared': unwatchShared,
  'fhirMigration.moveJournal': moveJournal,
  'fhirMigration.showFailedLines': showFailedLines,
  'fhirMigration.acceptFailedLines': acceptFailedLines,
  'fhirMigration.copyForSupport': copyForSupport,
  'fhirMigration.openWalkthrough': openWalkthrough,
  'fhirMigration.showLog': (ui) => {
    ui.showLog();
    return Promise.resolve();
  },
};

/** A bundle of its own knows nothing of the editor's language until it is told. */
export function speak(language: string, contents: l10n.l10nJsonFormat): void {
  l10n.config({ contents });
  setLanguage(language);
}
