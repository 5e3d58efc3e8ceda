import type { StoredVersion } from '../../contract.ts';
import { formatInstant } from '../instant.ts';
import { badRequest } from '../outcome.ts';
import { isObject, parsed, render, type JsonObject } from '../resourceText.ts';

const summaries = ['true', 'text', 'data', 'count', 'false'] as const;
export type Summary = (typeof summaries)[number];

/** Which part of each resource a search returns. */
export interface Shape {
  readonly summary: Summary;
  /** Undefined: all of them. */
  readonly elements: readonly string[] | undefined;
}

export const whole: Shape = { summary: 'false', elements: undefined };

/** @throws FhirError 400 */
export function parseSummary(value: string): Summary {
  const summary = summaries.find((candidate) => candidate === value.toLowerCase());
  if (summary !== undefined) return summary;
  const allowed = 'true,text,data,count,false';
  throw badRequest(`The requested "_summary" parameter '${value}' is invalid. Allowed values are '${allowed}'.`);
}

/** @throws FhirError 400 */
export function parseElements(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) {
    throw badRequest(`The requested "_elements" parameter '${value}' is invalid.`);
  }
  return names;
}

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
};
const subsettedTag = `"tag":[${JSON.stringify(subsetted)}]`;

/** The text of a resource, cut to the shape. */
export function shaped(version: StoredVersion, shape: Shape): string {
  const { elements, summary } = shape;
  if (elements === undefined && (summary === 'false' || summary === 'count')) return render(version);
  if (elements?.every((name) => name === 'id' || name === 'meta') === true && !version.json.includes('"meta":{')) {
    const meta = `"versionId":"${version.versionId}","lastUpdated":"${formatInstant(version.lastUpdated)}"`;
    return `{"resourceType":"${version.type}","id":"${version.id}","meta":{${meta},${subsettedTag}}}`;
  }
  return JSON.stringify(cut(parsed(version), shape));
}

function cut(resource: JsonObject, { elements, summary }: Shape): JsonObject {
  const keeps = (name: string): boolean => {
    if (name === 'resourceType' || name === 'id' || name === 'meta') return true;
    if (elements !== undefined) return elements.includes(name);
    if (summary === 'text') return name === 'text';
    if (summary === 'data') return name !== 'text';
    return !['text', 'contained', 'extension', 'modifierExtension', 'contact', 'note', 'photo'].includes(name);
  };
  const kept = Object.fromEntries(Object.entries(resource).filter(([name]) => keeps(name)));
  const meta = isObject(kept.meta) ? kept.meta : {};
  const tags = Array.isArray(meta.tag) ? (meta.tag as unknown[]) : [];
  return { ...kept, meta: { ...meta, tag: [...tags, subsetted] } };
}
