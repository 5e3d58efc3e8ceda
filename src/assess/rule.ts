import { at, type ArmResource } from '../compare/configurationSettings.ts';
import type { Probe } from '../services/preflight/facts.ts';
import { type About, type Finding, type Severity, topicOf } from './finding.ts';
import type { ServiceSnapshot, Snapshot } from './snapshot.ts';

/** Looks at a snapshot and says what it means. Pure. */
export type Rule = (snapshot: Snapshot) => readonly Finding[];

/** What a rule saw: a sentence, or a sentence with a severity of its own; undefined when there is nothing to say. */
export type Seen = string | { readonly seen: string; readonly severity: Severity } | undefined;

export function finding(about: About, seen: string, request: string, severity = about.severity): Finding {
  return { ...about, severity, topic: topicOf(about.id), known: true, evidence: { seen, request } };
}

/** A finding of which only is known why it cannot be known. */
export function unknown(about: About, because: string, request: string): Finding {
  const seen = `Unknown, because ${because.charAt(0).toLowerCase()}${because.slice(1)}`;
  return { ...about, severity: 'check', topic: topicOf(about.id), known: false, evidence: { seen, request } };
}

/** Judges one part of a snapshot; a part that is missing gives a finding that says so. */
export function judge<T>(about: About, probe: Probe<T>, look: (value: T) => Seen): readonly Finding[] {
  if (!probe.ok) return [unknown(about, probe.failure.message, probe.request)];
  const seen = look(probe.value);
  if (seen === undefined) return [];
  return [
    typeof seen === 'string'
      ? finding(about, seen, probe.request)
      : finding(about, seen.seen, probe.request, seen.severity),
  ];
}

/** Both parts, or the reason why one of them is missing. */
export function together<A, B>(first: Probe<A>, second: Probe<B>): Probe<readonly [A, B]> {
  if (!first.ok) return first;
  if (!second.ok) return second;
  const request = first.request === second.request ? `${first.request} on both` : `${first.request}, ${second.request}`;
  return { ok: true, request, value: [first.value, second.value] };
}

/** A value below `properties` of a resource as text. */
export function textOf(resource: ArmResource, ...path: readonly string[]): string | undefined {
  const value = at(resource, 'properties', ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(resource: ArmResource, ...path: readonly string[]): readonly unknown[] {
  const value = at(resource, 'properties', ...path);
  return Array.isArray(value) ? value : [];
}

/** A rule for every kind of source. */
export const anywhere = (rule: Rule): Rule => rule;

/** A rule that only speaks of an Azure API for FHIR, where the two products differ. */
export const forAzureApiForFhir =
  (rule: Rule): Rule =>
  (snapshot) =>
    snapshot.source.kind === 'azureApiForFhir' ? rule(snapshot) : [];

/** A rule about a service that Azure Resource Manager knows; an open-source server has no such settings. */
export const inAzure =
  (rule: Rule): Rule =>
  (snapshot) =>
    snapshot.source.kind === 'fhirServer' ? [] : rule(snapshot);

export const withTarget =
  (rule: (snapshot: Snapshot, target: ServiceSnapshot) => readonly Finding[]): Rule =>
  (snapshot) =>
    snapshot.target === undefined ? [] : rule(snapshot, snapshot.target);

/** A few names, then how many more. */
export function some(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${(names.length - most).toLocaleString('en')} more` : shown;
}
