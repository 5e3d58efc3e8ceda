import * as l10n from '@vscode/l10n';

/** What is wrong with a typed address of a FHIR server. */
export function addressProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return l10n.t('An https address, for example https://fhir.contoso.com');
  if (!URL.canParse(trimmed)) return l10n.t('This is not an address. It starts with https://');
  const url = new URL(trimmed);
  if (url.protocol !== 'https:')
    return l10n.t('Only https addresses: tokens and patient data must not travel in the open.');
  if (url.username !== '' || url.password !== '') return l10n.t('Leave out user and password; you sign in separately.');
  return undefined;
}

/** Base address without query, fragment, trailing slash and a trailing `/metadata`, as people paste it. */
export function normalizedAddress(text: string): string {
  const url = new URL(text.trim());
  url.search = '';
  url.hash = '';
  return url.href.replace(/\/+$/, '').replace(/\/metadata$/, '');
}
