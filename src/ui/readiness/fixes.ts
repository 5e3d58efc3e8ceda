import * as l10n from '@vscode/l10n';
import type { CommandId } from '../commands/command.ts';

/** A command of this product that does something about a finding. */
export interface Fix {
  readonly command: CommandId;
  /** What it is called with: the plan file of the two services, both services, or the target alone. */
  readonly needs: 'plan' | 'pair' | 'target' | 'source';
  readonly title: string;
}

type FixName =
  'prepare' | 'parameters' | 'profiles' | 'permissions' | 'address' | 'plan' | 'data' | 'searches' | 'settings';

const fixNames: Readonly<Record<string, FixName>> = {
  'staging.exportStorage': 'prepare',
  'staging.importSettings': 'prepare',
  'staging.sameAccount': 'prepare',
  'staging.firewall': 'prepare',
  'staging.eventGrid': 'prepare',
  'staging.sourceIdentity': 'prepare',
  'staging.targetIdentity': 'prepare',
  'target.lock': 'prepare',
  'integration.eventsOn': 'prepare',
  'platform.privateLink': 'prepare',
  'platform.publicNetworkAccess': 'prepare',
  'search.parametersMissing': 'parameters',
  'configuration.searchParameters': 'parameters',
  'configuration.profiles': 'profiles',
  'access.localRbac': 'permissions',
  'access.roleAssignments': 'permissions',
  'access.audience': 'address',
  'access.clientRegistration': 'address',
  'limitations.newAddress': 'address',
  'limitations.history': 'plan',
  'limitations.cleanUp': 'plan',
  'limitations.hardDeletes': 'data',
  'search.chained': 'searches',
  'search.sorting': 'searches',
  'versioning.historyDropped': 'settings',
  'versioning.versionedUpdate': 'settings',
  'limitations.configuration': 'settings',
};

/** What can be done about a finding with this product; undefined where only a person or the portal can. */
export function fixOf(id: string): Fix | undefined {
  if (id === 'target.none')
    return { command: 'fhirMigration.createTarget', needs: 'source', title: l10n.t('Create Target…') };
  if (id === 'content.sample')
    return {
      command: 'fhirMigration.assessReadiness',
      needs: 'source',
      title: l10n.t('Assess Again with a Trial Export…'),
    };
  if (id === 'target.targetReindex' || id === 'target.sourceReindex') {
    const needs = id === 'target.targetReindex' ? 'target' : 'source';
    return { command: 'fhirMigration.reindex', needs, title: l10n.t('Follow the Reindex…') };
  }
  const name = Object.hasOwn(fixNames, id) ? fixNames[id] : id.startsWith('configuration.') ? 'settings' : undefined;
  return name === undefined ? undefined : fixNamed(name);
}

function fixNamed(name: FixName): Fix {
  switch (name) {
    case 'prepare':
      return { command: 'fhirMigration.prepare', needs: 'plan', title: l10n.t('Prepare…') };
    case 'parameters':
      return { command: 'fhirMigration.copySearchParameters', needs: 'pair', title: l10n.t('Copy Search Parameters…') };
    case 'profiles':
      return { command: 'fhirMigration.copyProfiles', needs: 'pair', title: l10n.t('Copy Profiles…') };
    case 'permissions':
      return { command: 'fhirMigration.carryPermissions', needs: 'pair', title: l10n.t('Carry Permissions Over…') };
    case 'address':
      return { command: 'fhirMigration.findOldEndpoint', needs: 'pair', title: l10n.t('Find the Old Address…') };
    case 'plan':
      return { command: 'fhirMigration.migrate', needs: 'source', title: l10n.t('Plan a Migration…') };
    case 'data':
      return { command: 'fhirMigration.verify', needs: 'pair', title: l10n.t('Compare the Data…') };
    case 'searches':
      return { command: 'fhirMigration.newQueries', needs: 'pair', title: l10n.t('Compare Searches…') };
    case 'settings':
      return { command: 'fhirMigration.carryConfiguration', needs: 'pair', title: l10n.t('Carry Settings Over…') };
  }
}
