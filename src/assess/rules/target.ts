import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, finding, judge, type Rule, some, withTarget } from '../rule.ts';

const none: About = {
  id: 'target.none',
  severity: 'action',
  title: 'Deploy a new service that the data can move to',
  guidance:
    'Make a workspace and a FHIR service of Azure Health Data Services with the settings of the source, then assess again with it.',
  documentation: pages.deploy,
};
const kind: About = {
  id: 'target.kind',
  severity: 'blocker',
  title: 'The target cannot import',
  guidance: 'Choose a FHIR service of Azure Health Data Services as the target.',
  documentation: pages.importing,
};
const reindex = (side: 'source' | 'target'): About => ({
  id: `target.${side}Reindex`,
  severity: 'action',
  title: `A reindex runs on the ${side}`,
  guidance: 'Wait for it or cancel it: it slows exports and imports and blocks search parameters.',
  documentation: pages.practices,
});
const lock: About = {
  id: 'target.lock',
  severity: 'blocker',
  title: 'The target is locked for initial import',
  guidance: 'Set importConfiguration.initialImportMode of the target to false.',
  documentation: pages.importSettings,
};

const imports: About = {
  id: 'target.imports',
  severity: 'check',
  title: 'Other imports on the target share its speed',
  guidance:
    "Ask who else loads data into the target, and let them finish or wait: running more imports at once raises nobody's speed.",
  documentation: pages.importing,
};

/** Whether the services are free for a migration. */
export const targetRules: readonly Rule[] = [
  anywhere(({ source, target }) =>
    target === undefined ? [finding(none, `${source.name} was assessed without a target.`, 'the services chosen')] : [],
  ),
  withTarget((_, target) =>
    target.kind === 'azureApiForFhir'
      ? [finding(kind, `${target.name} is an Azure API for FHIR.`, 'ARM resource type')]
      : [],
  ),
  anywhere(({ source }) =>
    // A deprecated source refuses the question, and every reindex.
    !source.reindex.ok && source.reindex.failure.kind === 'retired'
      ? []
      : judge(reindex('source'), source.reindex, (state) =>
          state === 'running' ? `${source.name} is reindexing.` : undefined,
        ),
  ),
  withTarget((_, target) =>
    judge(reindex('target'), target.reindex, (state) =>
      state === 'running' ? `${target.name} is reindexing.` : undefined,
    ),
  ),
  withTarget(({ imports: running }, target) =>
    judge(imports, running, (names) =>
      names.length === 0
        ? `No migration that is known here imports into ${target.name}; imports of others are listed by no service and cannot be seen.`
        : { seen: `Imports of ${some(names)} run on ${target.name} now.`, severity: 'action' },
    ),
  ),
  withTarget((_, target) =>
    judge(lock, target.reindex, (state) => (state === 'locked' ? `${target.name} answers 423.` : undefined)),
  ),
];
