import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, finding, forAzureApiForFhir, inAzure, judge, type Rule, some, withTarget } from '../rule.ts';
import { bytesText } from '../words.ts';

/** 4 TB by default, up to 100 TB by request (Microsoft Learn, healthcare-apis: migration-strategies). */
export const defaultStorageBytes = 4e12;
export const largestStorageBytes = 100e12;
/** Room for indexes, history and the import itself beside the data. */
export const databaseFactor = 3;

const volume: About = {
  id: 'data.volume',
  severity: 'action',
  title: 'Data storage volume: the data may not fit into the 4 TB of a new service',
  guidance:
    'Plan three times the size of the data for the database. More than 4 TB, up to 100 TB, needs a support request before the migration.',
  documentation: pages.migration,
};

const ingress: About = {
  id: 'data.ingress',
  severity: 'information',
  title: 'Data ingress: the target has an import operation',
  guidance: 'The migration uses $import; loaders built for the source can be replaced by it.',
  documentation: pages.importing,
};

const notEmpty: About = {
  id: 'data.targetNotEmpty',
  severity: 'check',
  title: 'The target holds resources already',
  guidance:
    'A resource written there by other means can conflict with a version that is imported. Check that they come from an earlier migration.',
  documentation: pages.importing,
};

const uncounted: About = {
  id: 'data.counts',
  severity: 'check',
  title: 'Not every resource type of the source could be counted',
  guidance: 'The migration works without counts; predictions and progress know less.',
  documentation: pages.exporting,
};

/** How much there is, and whether it fits. */
export const dataRules: readonly Rule[] = [
  inAzure(({ source }) =>
    judge(volume, source.metrics, ({ dataBytes }) => {
      if (dataBytes === undefined)
        return {
          seen: `Unknown, because Azure Monitor has no size of ${source.name} in the last hours.`,
          severity: 'check',
        };
      const needed = dataBytes * databaseFactor;
      if (needed <= defaultStorageBytes) return undefined;
      const seen = `${source.name} holds ${bytesText(dataBytes)}; ${databaseFactor} times that is ${bytesText(needed)}.`;
      return needed > largestStorageBytes ? { seen, severity: 'blocker' } : seen;
    }),
  ),
  forAzureApiForFhir(() => [
    finding(ingress, 'Azure API for FHIR takes data by its REST API and loaders only.', 'ARM resource type'),
  ]),
  withTarget((_, target) =>
    judge(notEmpty, target.counts, (counts) => {
      const held = Object.entries(counts).filter(([, count]) => count > 0);
      const total = held.reduce((sum, [, count]) => sum + count, 0);
      return total === 0
        ? undefined
        : `${target.name} holds ${total.toLocaleString('en')} resources (${some(held.map(([type]) => type))}).`;
    }),
  ),
  anywhere(({ source }) => {
    const { counts, metadata } = source;
    if (!counts.ok) return judge(uncounted, counts, () => undefined);
    if (!metadata.ok) return [];
    const missing = Object.keys(metadata.value.searchParameters).filter((type) => !Object.hasOwn(counts.value, type));
    return missing.length === 0 ? [] : [finding(uncounted, `No count of ${some(missing)}.`, counts.request)];
  }),
];
