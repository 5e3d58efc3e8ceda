import type { Ui } from '../ui.ts';

/** Ids of the extension's commands, known at start-up; what they do is loaded when the first of them runs. */
export const commandIds = [
  'fhirMigration.signIn',
  'fhirMigration.signInToTenant',
  'fhirMigration.chooseSignInMethod',
  'fhirMigration.addClientSecret',
  'fhirMigration.refresh',
  'fhirMigration.findService',
  'fhirMigration.selectSubscriptions',
  'fhirMigration.addServer',
  'fhirMigration.removeServer',
  'fhirMigration.showPortfolio',
  'fhirMigration.savePortfolio',
  'fhirMigration.copyEndpoint',
  'fhirMigration.copyResourceId',
  'fhirMigration.openInPortal',
  'fhirMigration.retryProblem',
  'fhirMigration.showProblem',
  'fhirMigration.compareMetadata',
  'fhirMigration.compare',
  'fhirMigration.refreshComparison',
  'fhirMigration.filterDrift',
  'fhirMigration.excludeDrift',
  'fhirMigration.includeDrift',
  'fhirMigration.showDrift',
  'fhirMigration.closeComparison',
  'fhirMigration.assessReadiness',
  'fhirMigration.acceptFinding',
  'fhirMigration.migrate',
  'fhirMigration.summarizePlan',
  'fhirMigration.keepPredictions',
  'fhirMigration.runPreflight',
  'fhirMigration.prepare',
  'fhirMigration.applyPreparation',
  'fhirMigration.undoChanges',
  'fhirMigration.startMigration',
  'fhirMigration.openMigration',
  'fhirMigration.pause',
  'fhirMigration.resume',
  'fhirMigration.retry',
  'fhirMigration.catchUp',
  'fhirMigration.finish',
  'fhirMigration.keepSyncing',
  'fhirMigration.cancel',
  'fhirMigration.openPlan',
  'fhirMigration.openSummary',
  'fhirMigration.openJournal',
  'fhirMigration.openStaging',
  'fhirMigration.showFailedLines',
  'fhirMigration.acceptFailedLines',
  'fhirMigration.copyForSupport',
  'fhirMigration.openWalkthrough',
  'fhirMigration.showLog',
] as const;
export type CommandId = (typeof commandIds)[number];

/** What a command is told as its second argument when the end of a migration calls it, and not a person. */
export const atTheEnd = 'atTheEnd';

/** What a command does with what it was called with: the clicked thing, and all selected ones. */
export type Command = (ui: Ui, clicked: unknown, selected: unknown) => Promise<void>;
