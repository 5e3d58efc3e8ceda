import { configurationDrift } from '../../compare/configurationDrift.ts';
import {
  configurationSettings,
  type ConfigurationSetting,
  type WhenToConfigure,
} from '../../compare/configurationSettings.ts';
import { driftText } from '../../compare/drift.ts';
import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { anywhere, finding, inAzure, judge, type Rule, some, together, unknown } from '../rule.ts';
import type { ServiceSnapshot, Snapshot } from '../snapshot.ts';

const times: Readonly<Record<WhenToConfigure, string>> = {
  before: 'Before the migration.',
  after: 'After the migration.',
  either: 'Before or after the migration.',
  notApplicable: 'Nothing to set on the target.',
};

/** Rows that the rules of another topic speak of in full. */
const elsewhere: ReadonlySet<string> = new Set(['import', 'versioningPolicy', 'fhirVersion', 'clientRegistrations']);

const aboutSetting = ({ id, title, when, carrying, guidance }: ConfigurationSetting): About => ({
  id: `configuration.${id}`,
  severity: carrying === 'none' || when === 'notApplicable' ? 'information' : 'check',
  title,
  guidance: `${times[when]} ${guidance}`,
  documentation: pages.migration,
});

const row = (id: string, title: string, guidance: string, documentation: string): About => ({
  id: `configuration.${id}`,
  severity: 'check',
  title,
  guidance,
  documentation,
});

/** Rows of the guide's table that live in the data or outside of Azure Resource Manager. */
const profiles = row(
  'profiles',
  'Profiles',
  'Before the migration. They move with the data too, but are used only after they have been loaded: upload them first.',
  pages.profiles,
);
const searchParameters = row(
  'searchParameters',
  'Custom search parameters',
  'The migration copies those that exist at its start and reindexes. Do not add any until it has ended, or add them to both services.',
  pages.selectableSearch,
);

const settings: About = row(
  'settings',
  'Configuration',
  'Get the role Reader on both services, or compare their pages in the portal.',
  pages.migration,
);

/** One finding for each row of the guide's table "Configurations to set". */
export const configurationRules: readonly Rule[] = [
  inAzure((snapshot) => settingFindings(snapshot)),
  anywhere(({ source }) => definitions(profiles, source, 'StructureDefinition')),
  anywhere(({ source }) => definitions(searchParameters, source, 'SearchParameter')),
];

function settingFindings({ source, target }: Snapshot) {
  const shown = configurationSettings.filter(({ id }) => !elsewhere.has(id));
  if (!source.resource.ok) return [unknown(settings, source.resource.failure.message, source.resource.request)];
  const resource = source.resource;
  if (target === undefined)
    return shown.flatMap((setting) => {
      const value = setting.ofSource(resource.value);
      return value === undefined
        ? []
        : [finding(aboutSetting(setting), `${source.name}: ${brief(driftText(value))}`, resource.request)];
    });
  const both = together(resource, target.resource);
  if (!both.ok) return [unknown(settings, both.failure.message, both.request)];
  const configured = (service: ServiceSnapshot, of: (typeof both.value)[number]) => ({
    resource: of,
    endpoint: service.endpoint,
    authority: authorityOf(of, service.tenantId),
  });
  const [from, to] = both.value;
  return configurationDrift(configured(source, from), configured(target, to)).flatMap((entry) => {
    const setting = shown.find(({ title }) => title === entry.path[0]);
    if (setting === undefined || entry.state === 'copied' || entry.state === 'adapted' || entry.source === undefined)
      return [];
    const seen = `${source.name}: ${brief(entry.source)}; ${target.name}: ${brief(entry.target ?? 'not set')}`;
    return [finding(aboutSetting(setting), seen, both.request)];
  });
}

/** The service's own authority, written as it writes it: the login host of a cloud has several names. */
function authorityOf(resource: Readonly<Record<string, unknown>>, tenantId: string | undefined): string | undefined {
  const setting = configurationSettings.find(({ id }) => id === 'authority');
  const value = setting?.ofSource(resource);
  return tenantId !== undefined && typeof value === 'string' && value.toLowerCase().endsWith(tenantId.toLowerCase())
    ? value
    : undefined;
}

function definitions(about: About, source: ServiceSnapshot, type: string) {
  return judge(about, source.counts, (counts) => {
    const count = counts[type];
    if (count === undefined) return `Unknown, because ${type} could not be counted on ${source.name}.`;
    return count === 0 ? undefined : `${source.name} holds ${count.toLocaleString('en')} ${some([type])} resources.`;
  });
}

const brief = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);
