import type { Log } from '../engine/ports.ts';

import type { Services } from '../services/contract.ts';
import type { ComparisonEditor } from './compare/comparisonEditor.ts';
import type { DriftList } from './compare/driftList.ts';
import type { EditorDocuments } from './documents/editorDocuments.ts';
import type { Environment } from './documents/failureDetails.ts';
import type { Presenter } from './feedback/presenter.ts';
import type { MigrationList } from './migrations/migrationList.ts';
import type { MigrationTreeNode } from './migrations/migrationNodes.ts';
import type { MigrationPanels } from './panel/migrationPanels.ts';
import type { PlanReviews } from './plan/planReviews.ts';
import type { Memory } from './platform/memory.ts';
import type { Prompts } from './platform/prompts.ts';
import type { Settings } from './platform/settings.ts';
import type { FindingsList } from './readiness/findingsList.ts';
import type { SignIn } from './signIn/signIn.ts';
import type { ServiceTreeNode } from './tree/nodes.ts';
import type { Portfolio } from './tree/portfolio.ts';
import type { ServiceCatalog } from './tree/serviceCatalog.ts';
import type { EditorTree } from './tree/editorTree.ts';
import type { DifferencesPlace } from './verify/differencesView.ts';

/** What commands and views share; made once, in activate. */
export interface Ui {
  readonly prompts: Prompts;
  readonly log: Log;
  readonly settings: () => Settings;
  readonly environment: () => Environment;
  readonly memory: Memory;
  readonly signIn: SignIn;
  readonly services: () => Promise<Services>;
  readonly catalog: ServiceCatalog;
  /** Sizes and retirement of the services. */
  readonly portfolio: Portfolio;
  readonly serviceTree: EditorTree<ServiceTreeNode>;
  readonly migrations: MigrationList;
  readonly migrationTree: EditorTree<MigrationTreeNode>;
  readonly documents: EditorDocuments;
  readonly reviews: PlanReviews;
  readonly panels: MigrationPanels;
  /** The assessment that is shown. */
  readonly findings: FindingsList;
  /** The comparison that is shown, and its documents. */
  readonly drift: { readonly list: DriftList; readonly editor: ComparisonEditor };
  /** The Differences view, once something was verified. */
  readonly differences: DifferencesPlace;
  readonly presenter: Presenter;
  readonly showLog: () => void;
  /** `publisher.name`. */
  readonly extensionId: string;
}
