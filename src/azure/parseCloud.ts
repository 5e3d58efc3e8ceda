import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { Cloud } from './cloud.ts';
import { knownClouds } from './clouds.ts';

const httpsAddress = v.pipe(
  v.string(),
  v.trim(),
  v.check((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (
      url.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
    );
  }, 'must be an https address without query or credentials'),
  v.transform((text) => text.replace(/\/+$/, '')),
);

/** Audiences may be `api://…` or a GUID, so they are only trimmed. */
const audience = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^[^\s?#]{1,300}$/, 'must be an audience, without `/.default`'),
  v.transform((text) => text.replace(/\/\.default$/, '').replace(/\/+$/, '')),
);

const template = (required: string, ...optional: readonly string[]) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (text) => text === '' || isTemplate(text, required, optional),
      `must be an https address with {${required}}`,
    ),
    v.transform((text) => text.replace(/\/+$/, '')),
  );

function isTemplate(text: string, required: string, optional: readonly string[]): boolean {
  const names = [...text.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => name);
  return (
    names.includes(required) &&
    names.length === new Set(names).size &&
    names.every((name) => name === required || optional.includes(name)) &&
    /^https:\/\/[^\s?#@]+$/.test(text) &&
    URL.canParse(text.replace(/\{\w+\}/g, 'x'))
  );
}

const customSchema = v.strictObject({
  name: v.literal('custom'),
  resourceManager: httpsAddress,
  resourceManagerAudience: v.optional(audience),
  loginHost: httpsAddress,
  storageAudience: v.optional(audience, 'https://storage.azure.com'),
  azureApiForFhir: v.optional(template('name'), ''),
  // The host names of a custom cloud need not hold the workspace.
  ahds: v.optional(template('fhir', 'workspace'), ''),
  blob: v.optional(template('account'), ''),
  portal: v.optional(httpsAddress, 'https://portal.azure.com'),
  certificateAuthority: v.optional(
    v.pipe(
      v.string(),
      v.regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'must be a PEM certificate'),
    ),
  ),
});

/**
 * Reads the choice of a cloud: the name of a known one, or explicit endpoints of a custom one. Throws `invalidInput`
 * that names the field.
 */
export function parseCloud(input: unknown): Cloud {
  if (input === 'public' || input === 'usGovernment' || input === 'china') return knownClouds[input];
  const read = v.safeParse(customSchema, input);
  if (!read.success) {
    const [issue] = read.issues;
    const field = v.getDotPath(issue);
    throw new FailureError({
      kind: 'invalidInput',
      message: `The endpoints of the custom cloud cannot be used: ${field ?? 'the setting'} ${issue.type === 'check' || issue.type === 'regex' ? issue.message : 'is missing, unknown or of the wrong type'}.`,
      nextStep: 'Give at least name "custom", resourceManager and loginHost as https addresses.',
    });
  }
  const { resourceManagerAudience, certificateAuthority, ...rest } = read.output;
  return {
    ...rest,
    resourceManagerAudience: resourceManagerAudience ?? rest.resourceManager,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  };
}
