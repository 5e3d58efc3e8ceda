import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, finding, judge, together, type Rule } from '../rule.ts';
import type { ServiceSnapshot } from '../snapshot.ts';

const retirement: About = {
  id: 'lifecycle.retirement',
  severity: 'information',
  title: 'Azure API for FHIR is retired on 30 September 2026',
  guidance:
    'Migrate before; afterwards ask Microsoft for an extension, and expect only metadata and exports to answer.',
  documentation: pages.faq,
};
/** Microsoft Learn, healthcare-apis: azure-api-for-fhir-retirement. */
const retiredAt = Date.UTC(2026, 8, 30);

const deprecated: About = {
  id: 'lifecycle.deprecated',
  severity: 'action',
  title: 'The source is deprecated and answers only metadata and exports',
  guidance:
    'Migrate soon: the migration works without counts, by what exports deliver. Cancelling an export is refused too.',
  documentation: pages.faq,
};

const answers = (side: 'source' | 'target'): About => ({
  id: `lifecycle.${side}Answers`,
  severity: 'blocker',
  title: `The ${side} does not answer`,
  guidance: 'Check its address, network access and state in the portal; a retired service needs an extension first.',
  documentation: pages.faq,
});

const state = (side: 'source' | 'target'): About => ({
  id: `lifecycle.${side}State`,
  severity: 'blocker',
  title: `The ${side} is not in a state in which it can be used`,
  guidance: 'Wait until its provisioning state is Succeeded, or repair it in the portal.',
  documentation: pages.features,
});

const version: About = {
  id: 'lifecycle.fhirVersion',
  severity: 'blocker',
  title: 'Source and target have different FHIR versions',
  guidance: 'Choose or create a target with the same FHIR version: a migration does not convert resources.',
  documentation: pages.faq,
};

const stu3: About = {
  id: 'lifecycle.stu3',
  severity: 'action',
  title: 'The source is FHIR STU3',
  guidance: 'The target must be made as STU3 as well (kind fhir-Stu3); an existing database cannot change its version.',
  documentation: pages.faq,
};

/** Retirement, reachability and FHIR versions of both services. */
export const lifecycleRules: readonly Rule[] = [
  anywhere(({ source, takenAt }) =>
    source.kind === 'azureApiForFhir'
      ? [
          finding(
            retirement,
            takenAt < retiredAt
              ? `${source.name} is an Azure API for FHIR; ${Math.ceil((retiredAt - takenAt) / 86_400_000)} days are left.`
              : `${source.name} is an Azure API for FHIR, and that day has passed.`,
            'ARM resource type',
          ),
        ]
      : [],
  ),
  anywhere(({ source }) =>
    !source.counts.ok && source.counts.failure.kind === 'retired'
      ? [finding(deprecated, source.counts.failure.message, source.counts.request)]
      : [],
  ),
  anywhere(({ source }) => unanswered(answers('source'), source)),
  anywhere(({ target }) => (target === undefined ? [] : unanswered(answers('target'), target))),
  anywhere(({ source, target }) =>
    [source, ...(target === undefined ? [] : [target])].flatMap((service, index) =>
      service.kind === 'fhirServer'
        ? []
        : judge(state(index === 0 ? 'source' : 'target'), service.resource, ({ properties }) => {
            const now = (properties as Readonly<Record<string, unknown>> | undefined)?.provisioningState;
            return now === 'Succeeded'
              ? undefined
              : `${service.name} is ${typeof now === 'string' ? now : 'without a state'}.`;
          }),
    ),
  ),
  anywhere(({ source, target }) =>
    target === undefined
      ? []
      : judge(version, together(source.metadata, target.metadata), ([from, to]) =>
          release(from.fhirVersion) === release(to.fhirVersion)
            ? undefined
            : `${source.name} is FHIR ${from.fhirVersion}, ${target.name} is FHIR ${to.fhirVersion}.`,
        ),
  ),
  anywhere(({ source }) =>
    judge(stu3, source.metadata, ({ fhirVersion }) =>
      fhirVersion.startsWith('3.') ? `${source.name} is FHIR ${fhirVersion}.` : undefined,
    ),
  ),
];

const unanswered = (about: About, { metadata, name }: ServiceSnapshot) =>
  metadata.ok ? [] : [finding(about, `${name}: ${metadata.failure.message}`, metadata.request)];

const release = (fhirVersion: string): string => fhirVersion.split('.', 2).join('.');
