import type { Plan } from '../../engine/plan.ts';
import type { Failure } from '../../failure/failure.ts';
import type { PreflightCheck } from '../contract.ts';
import { check, checkProbe, failureBecause } from './check.ts';
import type { PreflightFacts, Probe, ServiceFacts } from './facts.ts';

/** Microsoft's page with the request for an extension of Azure API for FHIR. */
const extensionAdvice =
  'See the retirement page of Azure API for FHIR on Microsoft Learn: it names the support request for an extension.';
/** Windows follow the servers' clocks, so a skew only matters to people who read local times. */
const noticeableSkewMs = 120_000;

/** True when the probe met the 410 of a deprecated Azure API for FHIR. */
export const isRetired = (probe: Probe<unknown> | undefined): boolean =>
  probe !== undefined && !probe.ok && probe.failure.kind === 'retired' && probe.failure.status === 410;

/** Checks of both services that need nothing but their own answers. */
export function serviceChecks(plan: Plan, { source, target, otherMigrations }: PreflightFacts): PreflightCheck[] {
  return [
    metadataCheck('source', 'Source answers', plan.source.name, source),
    metadataCheck('target', 'Target answers', plan.target.name, target),
    versionCheck(source, target),
    sameServiceCheck(plan),
    sourceRequestsCheck(plan, source),
    roleCheck('source.exportRole', 'You may export from the source', 'FHIR Data Exporter', plan.source.name, source),
    roleCheck('target.importRole', 'You may import into the target', 'FHIR Data Importer', plan.target.name, target),
    lockCheck(target.reindex),
    reindexCheck(target.reindex),
    importsCheck(otherMigrations),
    clockCheck('source', plan.source.name, source),
    clockCheck('target', plan.target.name, target),
    ...(plan.scope.history ? [versioningCheck(target)] : []),
  ];
}

function metadataCheck(side: 'source' | 'target', title: string, name: string, facts: ServiceFacts): PreflightCheck {
  return checkProbe(
    `${side}.metadata`,
    title,
    facts.metadata,
    ({ fhirVersion }) => ['pass', `${name} answers with FHIR ${fhirVersion}.`],
    (failure) =>
      side === 'source' &&
      (failure.kind === 'retired' || failure.kind === 'forbidden' || failure.kind === 'unavailable')
        ? ['failure', `${failure.message} The service may have been retired.`, extensionAdvice]
        : failureBecause(failure),
  );
}

function versionCheck(source: ServiceFacts, target: ServiceFacts): PreflightCheck {
  const [id, title, evidence] = ['services.fhirVersion', 'FHIR versions match', 'GET /metadata on both'];
  if (!source.metadata.ok || !target.metadata.ok) {
    return check(id, title, ['unknown', 'Not both services tell their FHIR version.'], evidence);
  }
  const [from, to] = [source.metadata.value.fhirVersion, target.metadata.value.fhirVersion];
  if (from.split('.', 2).join() === to.split('.', 2).join())
    return check(id, title, ['pass', `Both are FHIR ${to}.`], evidence);
  const nextStep = `Choose or create a target with FHIR ${from}: a migration does not convert between versions.`;
  return check(id, title, ['failure', `The source is FHIR ${from}, the target FHIR ${to}.`, nextStep], evidence);
}

function sameServiceCheck({ source, target }: Plan): PreflightCheck {
  // Equal addresses never get this far; two addresses of one resource do.
  const same = source.resourceId !== undefined && source.resourceId.toLowerCase() === target.resourceId?.toLowerCase();
  return check(
    'services.different',
    'Source and target are different services',
    same
      ? ['failure', 'Both name the same resource.', 'Choose another target.']
      : ['pass', `${source.name} → ${target.name}`],
    'plan file',
  );
}

function sourceRequestsCheck(plan: Plan, source: ServiceFacts): PreflightCheck {
  return checkProbe(
    'source.requests',
    'Requests that the source still answers',
    source.count,
    (count) => ['pass', `${plan.source.name} answers everything; it holds ${count.toLocaleString('en')} resources.`],
    (failure) => {
      if (failure.kind === 'retired' && failure.status === 410) {
        return [
          'warning',
          `${plan.source.name} is deprecated: it answers only metadata, export and export status. Counts, searches and ` +
            'history are refused, so the migration goes by what exports deliver: totals show as they become known, and ' +
            'custom search parameters are taken from the exported files.',
          'Start as planned. An export that was started cannot be cancelled on such a service.',
        ];
      }
      if (failure.kind === 'forbidden') {
        const found = 'You may not read from the source, so nothing can be counted there; the migration works without.';
        return ['warning', found, 'Assign yourself FHIR Data Reader on the source to see counts.'];
      }
      return ['warning', `Counting fails: ${failure.message} The migration works without counts.`, failure.nextStep];
    },
  );
}

function roleCheck(id: string, title: string, role: string, name: string, facts: ServiceFacts): PreflightCheck {
  const missing = (failure: Failure): readonly ['failure', string, string] => [
    'failure',
    `${name} refuses: ${failure.diagnostics?.[0] ?? failure.message}`,
    `Assign yourself ${role} (or FHIR Data Contributor) on ${name}. Role changes take some minutes to spread.`,
  ];
  return checkProbe(
    id,
    title,
    facts.operationAccess,
    () => ['pass', `${name} accepts your role.`],
    (failure) => (failure.kind === 'forbidden' ? missing(failure) : failureBecause(failure)),
  );
}

function lockCheck(reindex: Probe<'idle' | 'running' | 'locked'>): PreflightCheck {
  return checkProbe('target.lock', 'Target is not locked for initial import', reindex, (state) =>
    state === 'locked'
      ? [
          'failure',
          'The target is in initial import mode: it refuses every write but imports with 423.',
          "Set the target's import settings to incremental (importConfiguration.initialImportMode: false).",
        ]
      : ['pass', 'The target accepts writes.'],
  );
}

function reindexCheck(reindex: Probe<'idle' | 'running' | 'locked'>): PreflightCheck {
  return checkProbe('target.reindex', 'No reindex runs on the target', reindex, (state) => {
    if (state === 'running') {
      return [
        'warning',
        'A reindex is running on the target.',
        'Wait for it: it slows imports and blocks search parameters.',
      ];
    }
    return state === 'idle' ? ['pass', 'No reindex is running.'] : ['unknown', 'The initial import lock hides it.'];
  });
}

function importsCheck(others: readonly string[]): PreflightCheck {
  const [id, title, evidence] = ['target.imports', 'Nothing else imports into the target', 'journal folder'];
  if (others.length > 0) {
    const found = `Another migration imports into this target: ${others.join(', ')}.`;
    return check(id, title, ['failure', found, 'Wait for it, or cancel it.'], evidence);
  }
  const found = 'No other migration here imports into this target. The service offers no list of running imports.';
  return check(id, title, ['unknown', found, 'Make sure that nobody else is importing into it.'], evidence);
}

function clockCheck(side: 'source' | 'target', name: string, facts: ServiceFacts): PreflightCheck {
  return checkProbe(`${side}.clock`, `Clock of the ${side}`, facts.clockSkewMs, (skew) => {
    const seconds = Math.round(Math.abs(skew) / 1000);
    if (Math.abs(skew) < noticeableSkewMs) return ['pass', `${name} and this computer differ by ${seconds} s.`];
    const found = `${name} and this computer differ by ${seconds} s. Windows follow the server's clock, so nothing is missed.`;
    return ['warning', found, "Correct this computer's clock, so that the times you read are right."];
  });
}

function versioningCheck(target: ServiceFacts): PreflightCheck {
  return checkProbe('target.versioning', 'Target keeps history', target.metadata, ({ versioning }) => {
    const without = Object.keys(versioning).filter((type) => versioning[type] === 'no-version');
    if (without.length === 0) return ['pass', 'Every resource type on the target keeps its versions.'];
    const found = `The target keeps no history of ${without.slice(0, 5).join(', ')}${without.length > 5 ? ' and others' : ''}.`;
    return ['failure', found, 'Change its versioning policy before the migration, or move without history.'];
  });
}
