import { sameDefinition } from '../fhir/sameDefinition.ts';
import type { ProfileCoverage } from '../fhir/profileCoverage.ts';
import type { ProfileUse } from '../fhir/profileUse.ts';
import type { ComparedEntry, EntryState } from './comparison.ts';
import { driftText } from './drift.ts';
import { documentText } from './stableOrder.ts';

/** A conformance resource: a StructureDefinition, ValueSet, CodeSystem or SearchParameter. */
export type Definition = Readonly<Record<string, unknown>>;

/** Types of profiles and terminology, in the order in which they build on each other. */
export const profileTypes = ['CodeSystem', 'ValueSet', 'StructureDefinition'] as const;

/** What names a definition: its canonical URL and business version, or its id where it has no URL. */
export function definitionKey(definition: Definition): string {
  const { url, version, id } = definition;
  if (typeof url !== 'string') return typeof id === 'string' ? `id ${id}` : 'without a name';
  return typeof version === 'string' ? `${url}|${version}` : url;
}

const keyed = (definitions: readonly Definition[]): ReadonlyMap<string, Definition> =>
  new Map(definitions.map((one) => [`${String(one.resourceType)} ${definitionKey(one)}`, one]));

/**
 * Profiles and terminology of both services by canonical URL and version; content is compared by meaning. What the data
 * of the source names is told with the definition, and in a row of its own where the source has no definition. So is what
 * it names beside that and nobody has seen.
 * @param partly types of which only a part was looked at
 */
export function definitionDrift(
  source: readonly Definition[],
  target: readonly Definition[],
  use: readonly ProfileUse[] = [],
  partly: readonly ProfileCoverage[] = [],
): readonly ComparedEntry[] {
  const [from, to] = [keyed(source), keyed(target)];
  const usedBy = new Map(use.map(({ profile, types }) => [profile, types]));
  const rows = [...new Set([...from.keys(), ...to.keys()])].sort().map((key): ComparedEntry => {
    const [left, right] = [from.get(key), to.get(key)];
    const one = left ?? right ?? {};
    const users = usedBy.get(String(one.url));
    return {
      path: [String(one.resourceType), definitionKey(one)],
      state: stateOf(left, right),
      source: left === undefined ? undefined : driftText(left),
      target: right === undefined ? undefined : driftText(right),
      when: 'before',
      guidance: [
        ...(users === undefined ? [] : [`The data uses it: ${users.join(', ')}.`]),
        'Write it to the target before the data, so that validation finds it.',
      ].join(' '),
    };
  });
  const defined = new Set(source.map(({ url }) => url));
  const onTarget = new Set(target.map(({ url }) => url));
  return [
    ...rows,
    ...use.filter(({ profile }) => !defined.has(profile)).map((one) => undefinedUse(one, onTarget)),
    ...partly.flatMap(unseenUse),
  ];
}

const count = (value: number): string => value.toLocaleString('en');

/** Resources whose profiles are all unknown: the part that was looked at names none of them. */
function unseenUse({ type, naming, seen }: ProfileCoverage): readonly ComparedEntry[] {
  if (naming === undefined || seen === undefined || seen >= naming) return [];
  return [
    {
      path: ['Used by the data', `unknown profiles of ${type}`],
      state: 'different',
      source: `${count(naming - seen)} of ${count(naming)} ${type} that name a profile name none of those listed`,
      target: undefined,
      when: 'before',
      guidance: `Only a part of the data was looked at. Find the rest with ${type}?_profile:missing=false&_elements=meta.`,
    },
  ];
}

/** How far the profiles that are listed as used by the data are all that it uses; none where all of it was looked at. */
export function profileNotes(partly: readonly ProfileCoverage[]): readonly string[] {
  const covered = partly.filter(({ naming, seen }) => naming !== undefined && seen !== undefined && seen >= naming);
  const uncounted = partly.filter(({ naming, seen }) => naming === undefined || seen === undefined);
  const listed = (types: readonly ProfileCoverage[], words: (one: ProfileCoverage) => string): string =>
    `${types.slice(0, typesNamed).map(words).join(', ')}${types.length > typesNamed ? ` and ${types.length - typesNamed} more types` : ''}`;
  return [
    ...(covered.length === 0
      ? []
      : [
          `Profiles were read from a part of the data and counted in all of it: each of ${listed(covered, ({ type, naming = 0 }) => `${count(naming)} ${type}`)} that name a profile names one that is listed.`,
        ]),
    ...(uncounted.length === 0
      ? []
      : [
          `Profiles were read from a part of the data alone, and not counted, for ${listed(uncounted, ({ type }) => type)}: the data may name more.`,
        ]),
  ];
}

/** Types in a note; more do not help anybody. */
const typesNamed = 8;

/** Profiles that every server knows, because they are part of FHIR. */
const ofTheSpecification = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/[A-Za-z-]+$/;

function undefinedUse({ profile, types }: ProfileUse, onTarget: ReadonlySet<unknown>): ComparedEntry {
  const known = ofTheSpecification.test(profile);
  const there = onTarget.has(profile);
  return {
    path: ['Used by the data', profile],
    state: there ? 'copied' : known ? 'byDesign' : 'missing',
    source: `named by ${types.join(', ')}`,
    target: there ? 'defined' : undefined,
    when: 'before',
    guidance: known
      ? 'Part of the FHIR specification.'
      : 'Resources name this profile, but the source does not define it: find it, and write it to the target, if the data shall be validated against it.',
  };
}

function stateOf(source: Definition | undefined, target: Definition | undefined): EntryState {
  if (target === undefined) return 'missing';
  if (source === undefined) return 'onlyOnTarget';
  return sameDefinition(source, target) ? 'copied' : 'different';
}

/** What a server sets by itself, and the narrative of the same content. */
const setAside: ReadonlySet<string> = new Set(['id', 'meta', 'text', 'date']);

/** Definitions as text, sorted by what names them; the order inside a definition counts and stays. */
export function definitionsText(definitions: readonly Definition[]): string {
  const entries = [...keyed(definitions)].sort(([a], [b]) => (a < b ? -1 : 1));
  return documentText(
    entries.map(([, definition]) =>
      Object.fromEntries(
        Object.entries(definition)
          .filter(([key]) => !setAside.has(key))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ),
  );
}
