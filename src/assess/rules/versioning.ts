import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { judge, type Rule, some, together, withTarget } from '../rule.ts';

const historyDropped: About = {
  id: 'versioning.historyDropped',
  severity: 'blocker',
  title: 'Versioning policy: the target would drop history that the source keeps',
  guidance:
    'Set resourceVersionPolicyConfiguration of the target to versioned for these types before the first import, or accept to move without their history.',
  documentation: pages.versioning,
};

const stricter: About = {
  id: 'versioning.versionedUpdate',
  severity: 'check',
  title: 'Versioning policy: updates need If-Match on one of the two services only',
  guidance:
    'Applications that update these types must send If-Match where the policy is versioned-update. Set both alike.',
  documentation: pages.versioning,
};

const types = (versioning: Readonly<Record<string, string>>, policy: string): ReadonlySet<string> =>
  new Set(Object.keys(versioning).filter((type) => versioning[type] === policy));

/** Policies read from the capability statements, per type: Azure API for FHIR shows its policy nowhere else. */
export const versioningRules: readonly Rule[] = [
  withTarget(({ source }, target) =>
    judge(historyDropped, together(source.metadata, target.metadata), ([from, to]) => {
      const without = types(to.versioning, 'no-version');
      const dropped = Object.keys(from.versioning).filter(
        (type) => from.versioning[type] !== 'no-version' && without.has(type),
      );
      return dropped.length === 0
        ? undefined
        : `${target.name} keeps no versions of ${some(dropped)}, ${source.name} does.`;
    }),
  ),
  withTarget(({ source }, target) =>
    judge(stricter, together(source.metadata, target.metadata), ([from, to]) => {
      const [left, right] = [types(from.versioning, 'versioned-update'), types(to.versioning, 'versioned-update')];
      const apart = Object.keys(to.versioning).filter((type) => left.has(type) !== right.has(type));
      return apart.length === 0 ? undefined : `They differ for ${some(apart.sort())}.`;
    }),
  ),
];
