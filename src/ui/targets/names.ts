import * as l10n from '@vscode/l10n';

/** What is wrong with the name of a workspace or a FHIR service, or undefined (azure-rest-api-specs, 2024-03-31). */
export const nameProblem = (text: string): string | undefined =>
  /^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$/.test(text)
    ? undefined
    : l10n.t('3 to 24 lower-case letters, digits and dashes, with a letter or digit at both ends.');

/** A name of a resource that is made from another one's. */
export function nameLike(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return nameProblem(name) === undefined ? name : 'fhir';
}

/** What is wrong with a region's name, or undefined. */
export const regionProblem = (text: string): string | undefined =>
  /^[a-z][a-z0-9]{2,40}$/.test(text) ? undefined : l10n.t('A region as Azure writes it, for example westeurope.');
