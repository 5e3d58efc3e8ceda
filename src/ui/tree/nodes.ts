import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ServiceFacts, Standing } from '../../services/portfolio/contract.ts';
import type { EmptyState } from './emptyState.ts';
import type { Problem } from './catalog.ts';

interface NodeBase {
  /** The same thing keeps its id over refreshes. */
  readonly id: string;
}

export interface SubscriptionNode extends NodeBase {
  readonly kind: 'subscription';
  readonly subscriptionId: string;
  readonly tenantId: string | undefined;
  readonly name: string;
  readonly tenantName: string | undefined;
  readonly children: readonly ServiceTreeNode[];
}

export interface WorkspaceNode extends NodeBase {
  readonly kind: 'workspace';
  readonly name: string;
  readonly resourceGroup: string | undefined;
  readonly children: readonly ServiceTreeNode[];
}

/** The group of the FHIR servers that were added by address. */
export interface AddedNode extends NodeBase {
  readonly kind: 'added';
  readonly children: readonly ServiceTreeNode[];
}

export interface ServiceNode extends NodeBase {
  readonly kind: 'service';
  readonly service: DiscoveredService;
  readonly storedAddress: string | undefined;
  /** What a migration does with it now, in words, for example "Source, migrating 42 %". */
  readonly activity: string | undefined;
  /** Size and retirement, once they are known. */
  readonly facts?: ServiceFacts | undefined;
  /** Whether it was migrated, once migrations are known. */
  readonly standing?: Standing | undefined;
  readonly children: readonly ServiceTreeNode[];
}

export interface ProblemNode extends NodeBase {
  readonly kind: 'problem';
  /** What could not be loaded. */
  readonly about: string;
  readonly problem: Problem;
  /** Address of the added server that did not answer. */
  readonly storedAddress: string | undefined;
}

/** Says why the list is not complete, where the view's welcome is not shown. */
export interface HintNode extends NodeBase {
  readonly kind: 'hint';
  readonly state: EmptyState;
}

export type ServiceTreeNode = SubscriptionNode | WorkspaceNode | AddedNode | ServiceNode | ProblemNode | HintNode;

/** Children of a node, for every kind. */
export function childrenOf(node: ServiceTreeNode): readonly ServiceTreeNode[] {
  return 'children' in node ? node.children : [];
}
