import * as vscode from 'vscode';
import { ComparisonEditor } from '../compare/comparisonEditor.ts';
import { DriftList } from '../compare/driftList.ts';
import { DocumentStore, journalPath, parseMigrationPath } from '../documents/documentStore.ts';
import { EditorDocuments, type DocumentAction } from '../documents/editorDocuments.ts';
import type { Environment } from '../documents/failureDetails.ts';
import { journalText } from '../documents/journalText.ts';
import { migrationSummaryMarkdown } from '../documents/migrationSummary.ts';
import { editorLog } from '../feedback/editorLog.ts';
import { Presenter } from '../feedback/presenter.ts';
import { MigrationList } from '../migrations/migrationList.ts';
import { MigrationPanels } from '../panel/migrationPanels.ts';
import { PlanReviews } from '../plan/planReviews.ts';
import type { ContextKeys } from '../platform/contextKeys.ts';
import type { EditorSettings } from '../platform/editorSettings.ts';
import { loadServices } from '../platform/loadServices.ts';
import { Memory } from '../platform/memory.ts';
import type { Owner } from '../platform/owner.ts';
import type { Prompts } from '../platform/prompts.ts';
import { ServicesHolder } from '../platform/servicesHolder.ts';
import { processTimers } from '../platform/throttle.ts';
import { FindingsList } from '../readiness/findingsList.ts';
import { SignIn } from '../signIn/signIn.ts';
import { Portfolio } from '../tree/portfolio.ts';
import { ServiceCatalog } from '../tree/serviceCatalog.ts';
import type { Ui } from '../ui.ts';
import { createFindingsView, type FindingsView } from './findingsView.ts';
import { createDriftView, type DriftView } from './driftView.ts';
import { createMigrationsView, type MigrationsView } from './migrationsView.ts';
import { createServicesView, type ServicesView } from './servicesView.ts';

/** Everything that activate wires together. */
export interface Wired {
  readonly ui: Ui;
  readonly holder: ServicesHolder;
  readonly servicesView: ServicesView;
  readonly migrationsView: MigrationsView;
  readonly findingsView: FindingsView;
  readonly driftView: DriftView;
}

/** Makes the parts of the user interface and gives each what it needs; nothing here asks anything of the outside. */
export function createUi(
  context: vscode.ExtensionContext,
  owner: Owner,
  channel: vscode.LogOutputChannel,
  settings: EditorSettings,
  keys: ContextKeys,
  prompts: () => Prompts,
): Wired {
  const { version } = context.extension.packageJSON as { readonly version: string };
  const log = editorLog(channel);
  const memory = new Memory(context.globalState);
  const signIn = new SignIn(() => settings.current, prompts, context.secrets);
  const environment = (): Environment => ({
    extensionVersion: version,
    editorVersion: vscode.version,
    platform: `${process.platform} ${process.arch}`,
    // Some servers put their address here, which is nobody's business.
    remote: /^[a-z-]*$/.exec(vscode.env.remoteName ?? 'local')?.[0] ?? 'server',
    cloud: settings.current.cloud.name,
    signIn: settings.current.method,
  });
  const journalFolder = (): string =>
    settings.current.journalFolder ?? vscode.Uri.joinPath(context.globalStorageUri, 'journals').fsPath;
  const holder = new ServicesHolder(() =>
    loadServices({
      settings: settings.current,
      editorTokens: signIn.tokens,
      clientSecret: () => signIn.clientSecret(),
      journalFolder: journalFolder(),
      log,
      userAgent: `fhir-migration-for-azure/${version} vscode/${vscode.version}`,
    }),
  );
  const services = () => holder.get();
  const catalog = new ServiceCatalog({ services, signedIn: () => signIn.isSignedIn(), memory, log });
  const migrations = new MigrationList({
    services,
    mayHaveAny: () => holdsAnything(vscode.Uri.file(journalFolder())),
    timers: processTimers,
    clock: processTimers,
  });
  const documents = createDocuments(migrations);
  const presenter = new Presenter({ prompts, log, documents, environment });
  const panels = new MigrationPanels({
    extensionUri: context.extensionUri,
    migrations,
    log,
    openInBrowser: (address) => prompts().openInBrowser(address),
    present: (error, during) => presenter.present(error, during),
  });
  const portfolio = owner.add(new Portfolio({ services, catalog, log }));
  const servicesView = owner.add(createServicesView(catalog, migrations, portfolio, keys, () => signIn.account));
  const migrationsView = owner.add(createMigrationsView(migrations, keys));
  for (const part of [catalog, migrations, documents.register(), panels.register(), signIn.register()]) owner.add(part);
  const drift = { list: new DriftList(memory), editor: new ComparisonEditor(documents) };
  const findings = new FindingsList();
  const findingsView = owner.add(createFindingsView(findings, keys));
  const driftView = owner.add(createDriftView(drift.list, keys));
  const ui: Ui = {
    get prompts() {
      return prompts();
    },
    log,
    settings: () => settings.current,
    environment,
    memory,
    signIn,
    services,
    catalog,
    portfolio,
    serviceTree: servicesView.tree,
    migrations,
    migrationTree: migrationsView.tree,
    documents,
    reviews: new PlanReviews(services, () => Date.now()),
    panels,
    findings,
    drift,
    differences: {
      view: undefined,
      own: (part) => void owner.add(part),
      setShown: (shown) => keys.set('verified', shown),
    },
    presenter,
    showLog: () => channel.show(),
    extensionId: context.extension.id,
  };
  return { ui, holder, servicesView, migrationsView, findingsView, driftView };
}

async function holdsAnything(folder: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.readDirectory(folder).then(
    (entries) => entries.length > 0,
    // Only a folder that is not there is known to be empty; anything else is found out, and told, by reading it.
    (error: unknown) => !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound'),
  );
}

function createDocuments(migrations: MigrationList): EditorDocuments {
  const rebuild = (path: string): Promise<string> | undefined => {
    const parsed = parseMigrationPath(path);
    if (parsed === undefined) return undefined;
    const { migration, view } = parsed;
    return migrations
      .open(migration)
      .then(async (handle) =>
        view === 'journal'
          ? journalText(await handle.journal())
          : migrationSummaryMarkdown(handle.overview(), Date.now()),
      );
  };
  const gone = (): string =>
    vscode.l10n.t('This document belonged to an earlier session. Run the command that made it again.\n');
  return new EditorDocuments(new DocumentStore(rebuild, gone), actionsOfPath);
}

/** Buttons above the journal and the summary of a migration. */
function actionsOfPath(path: string): readonly DocumentAction[] {
  const parsed = parseMigrationPath(path);
  if (parsed === undefined) return [];
  const args = [parsed.migration];
  const other: DocumentAction =
    path === journalPath(parsed.migration)
      ? { title: vscode.l10n.t('$(graph) Summary'), command: 'fhirMigration.openSummary', arguments: args }
      : { title: vscode.l10n.t('$(list-unordered) Journal'), command: 'fhirMigration.openJournal', arguments: args };
  return [
    { title: vscode.l10n.t('$(dashboard) Open Migration'), command: 'fhirMigration.openMigration', arguments: args },
    other,
    { title: vscode.l10n.t('$(copy) Copy for Support'), command: 'fhirMigration.copyForSupport', arguments: args },
  ];
}
