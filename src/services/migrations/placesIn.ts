import type { Plan } from '../../engine/plan.ts';

/** Everywhere that driving a migration signs in to: its part, its name, its address, and the audience of its tokens. */
export function placesIn({ source, target, staging }: Plan): readonly (readonly [string, string, string])[] {
  const audienceOf = ({ endpoint, audience }: Plan['source']): string =>
    audience === undefined ? endpoint : `${endpoint} (tokens for ${audience})`;
  return [
    ['source', source.name, audienceOf(source)],
    ['target', target.name, audienceOf(target)],
    ['staging', staging.accountName, staging.blobEndpoint],
  ];
}
