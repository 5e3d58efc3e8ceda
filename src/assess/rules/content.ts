import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, judge, type Rule, some, together } from '../rule.ts';
import type { SampleFacts } from '../sample.ts';
import { bytesText } from '../words.ts';

/** Over 10,000 resources of one type with the same date an import may fail (fhir-server: import surrogate ids). */
const mostPerMillisecond = 10_000;

interface ContentRule {
  readonly about: About;
  readonly look: (facts: SampleFacts) => string | undefined;
}

const rule = (
  name: string,
  severity: About['severity'],
  title: string,
  guidance: string,
  look: ContentRule['look'],
): ContentRule => ({
  about: { id: `content.${name}`, severity, title, guidance, documentation: pages.importing },
  look,
});

const counted = (counts: Readonly<Record<string, number>>): string =>
  some(
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} (${count.toLocaleString('en')})`),
  );
const several = (count: number, what: string): string | undefined =>
  count === 0 ? undefined : `${count.toLocaleString('en')} ${what}.`;

const hazards: readonly ContentRule[] = [
  rule(
    'longDecimals',
    'action',
    'Decimals of more than 18 digits',
    'The target may round or refuse them: shorten them on the source, or check these fields after the migration.',
    ({ longDecimals }) => (Object.keys(longDecimals).length === 0 ? undefined : `Found at ${counted(longDecimals)}.`),
  ),
  rule(
    'versionDates',
    'action',
    'Versions with equal or inverted dates',
    'Imports refuse such versions as duplicate or conflict. The current version arrives; accept the listed older ones as lost, or move without history.',
    ({ equalDates, invertedDates }) =>
      equalDates + invertedDates === 0
        ? undefined
        : `${equalDates.toLocaleString('en')} pairs with equal dates, ${invertedDates.toLocaleString('en')} with falling ones.`,
  ),
  rule(
    'sameMillisecond',
    'blocker',
    'More than 10,000 resources were written in one millisecond',
    'Spread their meta.lastUpdated, for example by updating them on the source: an import cannot number so many.',
    ({ mostInOneMillisecond }) =>
      mostInOneMillisecond > mostPerMillisecond
        ? `${mostInOneMillisecond.toLocaleString('en')} resources have one and the same meta.lastUpdated.`
        : undefined,
  ),
  rule(
    'large',
    'check',
    'Resources near the limit of 2 MB',
    'They grow by what a server adds. Raise the bytes that one unit of an import reads above the largest.',
    ({ nearLimit, largestBytes }) =>
      nearLimit === 0
        ? undefined
        : `${nearLimit.toLocaleString('en')} resources have 1.9 MB or more, the largest ${bytesText(largestBytes)}.`,
  ),
  rule(
    'conditionalReferences',
    'action',
    'Conditional references',
    'They are stored as they are: nothing resolves them on the target. Resolve them on the source before the migration.',
    ({ conditionalReferences }) => several(conditionalReferences, 'references are searches, not addresses'),
  ),
  rule(
    'idsByCase',
    'check',
    'Ids that differ only in case',
    'Both services tell them apart; tools and exports to case-insensitive stores may not.',
    ({ idsByCase }) => several(idsByCase, 'resources share their id with another one but for case'),
  ),
  rule(
    'searchParameters',
    'check',
    'Search parameters are inside of the data',
    'An import refuses the type SearchParameter. The migration leaves these files out and copies the parameters over the REST API before.',
    ({ types }) => several(types.SearchParameter ?? 0, 'lines are SearchParameter resources'),
  ),
  rule(
    'unreadable',
    'blocker',
    'Exported lines that are not resources',
    'Look at the sample: it is damaged or not an export.',
    ({ unreadable }) => several(unreadable, 'lines cannot be read as a resource'),
  ),
];

const customTypes: About = {
  id: 'content.customTypes',
  severity: 'blocker',
  title: 'Custom resource types',
  guidance: 'The target takes only the types of its FHIR version: leave these out of the plan and move them otherwise.',
  documentation: pages.importing,
};

const notLookedInto: About = {
  id: 'content.sample',
  severity: 'check',
  title: 'The data was not looked into',
  guidance:
    'Assess again with a trial export, or with exported files (--sample), to know of long decimals, versions with equal or inverted dates, crowded milliseconds, large resources, conditional references, ids that differ in case, search parameters and custom types in the data.',
  documentation: pages.importing,
};

/** Hazards inside the data, known only from a sample of exported content; one finding stands for all without a sample. */
export const contentRules: readonly Rule[] = [
  anywhere(({ sample }) => judge(notLookedInto, sample, () => undefined)),
  ...hazards.map(
    ({ about, look }): Rule =>
      ({ sample }) =>
        sample.ok ? judge(about, sample, look) : [],
  ),
  anywhere(({ source, target, sample }) =>
    sample.ok
      ? judge(customTypes, together(sample, (target ?? source).metadata), ([{ types }, { searchParameters }]) => {
          const custom = Object.entries(types).filter(([type]) => !Object.hasOwn(searchParameters, type));
          return custom.length === 0 || Object.keys(searchParameters).length === 0
            ? undefined
            : `${(target ?? source).name} does not list ${counted(Object.fromEntries(custom))}.`;
        })
      : [],
  ),
];
