import { plainEtag } from '../../azure/plainEtag.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Failure } from '../../failure/failure.ts';
import { isKeptOut } from '../../failure/keptOut.ts';
import type { PreflightCheck } from '../contract.ts';
import { checkProbe, failureBecause, type Verdict } from './check.ts';
import type { PreflightFacts, Probe, StorageAccountFacts } from './facts.ts';

/** Checks of what Azure Resource Manager and the staging account tell. */
export function configurationChecks(plan: Plan, facts: PreflightFacts): PreflightCheck[] {
  const account = plan.staging.accountName;
  return [
    exportCheck(plan, facts),
    importCheck(plan, facts),
    eventsCheck(plan, facts),
    checkProbe(
      'staging.container',
      'You can reach the staging account',
      facts.staging.container,
      (state) =>
        state === 'present'
          ? ['pass', `Container '${plan.staging.container}' exists in ${account}.`]
          : [
              'pass',
              `Container '${plan.staging.container}' does not exist yet in ${account}; the first export creates it.`,
            ],
      (failure) => outOfReach(plan, failure),
    ),
    ...deidentificationCheck(plan, facts),
    identityCheck('source', plan.source.name, account, facts.staging.sourceIdentity),
    identityCheck('target', plan.target.name, account, facts.staging.targetIdentity),
    firewallCheck(plan, facts.staging.account),
  ];
}

/** A firewall that keeps this machine out is no obstacle, unless something besides the services must read or write there. */
function outOfReach({ journal, scope, staging }: Plan, failure: Failure): Verdict {
  if (!isKeptOut(failure) || journal === 'staging' || scope.deidentified !== undefined) return failureBecause(failure);
  return [
    'warning',
    `The firewall of ${staging.accountName} keeps this machine out. The services migrate all the same; files are imported without a check that nobody changed them, refused lines cannot be looked into, and exported files cannot be verified or cleaned up from here.`,
    failure.nextStep,
  ];
}

function exportCheck(plan: Plan, { source }: PreflightFacts): PreflightCheck {
  return checkProbe(
    'source.exportStorage',
    'Export is configured on the source',
    source.resource,
    ({ service: resource }) => {
      const configured = resource.exportStorageAccount;
      const nextStep = `Set ${plan.staging.accountName} as export storage of ${plan.source.name} (portal: Export).`;
      if (configured === undefined || configured === '')
        return ['failure', 'No export storage account is set.', nextStep];
      return configured.toLowerCase() === plan.staging.accountName
        ? ['pass', `${plan.source.name} exports to ${configured}.`]
        : [
            'failure',
            `${plan.source.name} exports to ${configured}, the plan stages in ${plan.staging.accountName}.`,
            nextStep,
          ];
    },
  );
}

function importCheck(plan: Plan, { target }: PreflightFacts): PreflightCheck {
  return checkProbe(
    'target.import',
    'Import is configured on the target, incremental',
    target.resource,
    ({ service: resource }) => {
      const wanted = `importConfiguration: enabled true, initialImportMode false, integrationDataStore ${plan.staging.accountName}`;
      const nextStep = `Set on ${plan.target.name}: ${wanted}.`;
      if (resource.importMode === undefined || resource.importMode === 'off') {
        return ['failure', 'Import is not enabled on the target.', nextStep];
      }
      if (resource.importMode === 'initial') {
        return ['failure', 'The target is set to initial import, which loses dates and versions.', nextStep];
      }
      return resource.importStorageAccount?.toLowerCase() === plan.staging.accountName
        ? ['pass', `${plan.target.name} imports incrementally from ${resource.importStorageAccount}.`]
        : ['failure', `The target imports from ${resource.importStorageAccount ?? 'no account'}.`, nextStep];
    },
  );
}

function eventsCheck(plan: Plan, { target }: PreflightFacts): PreflightCheck {
  return checkProbe('target.events', 'Events are off on the target', target.resource, ({ eventState }) => {
    if (eventState === undefined) return ['unknown', 'The service does not tell whether it sends events.'];
    if (eventState === 'Disabled') return ['pass', 'No events will be sent for imported resources.'];
    const found = `Events are ${eventState.toLowerCase()} on ${plan.target.name}: subscribers would hear of imported resources.`;
    return [
      'warning',
      found,
      'Prepare the plan: it deletes the event subscriptions that it can make again after the cutover.',
    ];
  });
}

function deidentificationCheck({ scope, staging }: Plan, facts: PreflightFacts): PreflightCheck[] {
  const { deidentified } = scope;
  if (deidentified === undefined) return [];
  const nextStep =
    'Upload the configuration again, so that the plan names its version: "Upload De-identification Configuration…" at the plan, or fhir-migration plan --deidentify.';
  const id = 'staging.deidentification';
  return [
    checkProbe(id, 'The de-identification configuration is there', facts.staging.deidentification, (etag) => {
      const name = `${deidentified.config} in the container anonymization of ${staging.accountName}`;
      if (etag === undefined) return ['failure', `There is no ${name}: every export would fail.`, nextStep];
      return etag === plainEtag(deidentified.etag)
        ? ['pass', `The version that the plan names is ${name}. A probe export proves that it applies.`]
        : ['failure', `${name} was changed since the plan was written: every export would fail.`, nextStep];
    }),
  ];
}

function identityCheck(
  side: 'source' | 'target',
  name: string,
  account: string,
  probe: Probe<boolean> | undefined,
): PreflightCheck {
  const title = `The ${side}'s identity may use the staging account`;
  return checkProbe(`staging.${side}Identity`, title, probe, (granted) =>
    granted
      ? ['pass', `The identity of ${name} is Storage Blob Data Contributor on ${account}.`]
      : [
          'failure',
          `The managed identity of ${name} has no Storage Blob Data Contributor role on ${account}, or there is none.`,
          `Turn on the identity of ${name} and assign it Storage Blob Data Contributor on ${account}.`,
        ],
  );
}

function firewallCheck(plan: Plan, probe: Probe<StorageAccountFacts> | undefined): PreflightCheck {
  return checkProbe('staging.network', 'Both services reach the staging account', probe, (account) => {
    if (account.openToAll) return ['pass', `${account.name} accepts requests from all networks.`];
    const outside = [plan.source, plan.target].filter(
      ({ resourceId }) => resourceId === undefined || !account.allowedResources.some((id) => covers(id, resourceId)),
    );
    if (outside.length === 0) return ['pass', `The firewall of ${account.name} has rules for both services.`];
    const names = outside.map(({ name }) => name).join(' and ');
    if (account.trustedServices) {
      return [
        'warning',
        `The firewall of ${account.name} lets trusted Azure services through, but has no resource rule for ${names}.`,
        'If exports or imports end in 403, add resource instance rules for both services.',
      ];
    }
    const found = `The firewall of ${account.name} has no rule for ${names}.`;
    return ['failure', found, `Add resource instance rules for ${names}, or allow trusted Azure services.`];
  });
}

/** A rule for a workspace lets its FHIR services through. */
const covers = (rule: string, resourceId: string): boolean =>
  `${resourceId.toLowerCase()}/`.startsWith(`${rule.toLowerCase()}/`);
