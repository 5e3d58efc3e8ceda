import * as l10n from '@vscode/l10n';
import type { Failure } from '../../failure/failure.ts';
import { plainMarkdown } from '../words/serverText.ts';

/** A message box is read at a glance; sign-ins fail with whole pages. */
const inBox = 300;

/** The text of a message box: {@link failureText} with long words of a server cut short, which the details have whole. */
export const boxText = (failure: Failure): string => failureText(failure, inBox);

/**
 * What failed and on which service, the server's first words, and what to do next.
 * @param limit characters of each of the first two
 */
export function failureText(failure: Failure, limit = Number.POSITIVE_INFINITY): string {
  const [diagnostics] = failure.diagnostics ?? [];
  const cut = (text: string): string => (text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text);
  return [
    cut(sentence(failure)),
    diagnostics === undefined || failure.message.includes(diagnostics)
      ? undefined
      : l10n.t('The server says: {0}', closed(cut(diagnostics))),
    failure.nextStep === undefined ? undefined : closed(failure.nextStep),
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** One sentence that names the service. */
export function sentence(failure: Failure): string {
  const { message, service } = failure;
  return closed(service === undefined || message.includes(service) ? message : `${service}: ${message}`);
}

/** The same as markdown, with status and request id. */
export function failureTooltip(failure: Failure): string {
  const facts = [failure.request, statusOf(failure), requestIdOf(failure)].filter((part) => part !== undefined);
  return [
    plainMarkdown(sentence(failure)),
    ...(failure.diagnostics ?? []).slice(0, 3).map((line) => `> ${plainMarkdown(line)}`),
    facts.length === 0 ? undefined : plainMarkdown(facts.join(' · ')),
    failure.nextStep === undefined ? undefined : plainMarkdown(failure.nextStep),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function statusOf({ status, code }: Failure): string | undefined {
  if (status === undefined) return code;
  return code === undefined ? l10n.t('status {0}', status) : l10n.t('status {0}, {1}', status, code);
}

function requestIdOf({ requestId }: Failure): string | undefined {
  return requestId === undefined ? undefined : l10n.t('request id {0}', requestId);
}

const closed = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** What a button below a failure does. */
export type Remedy = 'signIn' | 'openMigrations' | 'showDetails' | 'openLog';

/** At most three buttons: the remedy where there is one, then the details, then the log. */
export function remediesOf(failure: Failure): readonly { readonly id: Remedy; readonly label: string }[] {
  const details = { id: 'showDetails' as const, label: l10n.t('Show Details') };
  const log = { id: 'openLog' as const, label: l10n.t('Open Log') };
  switch (failure.kind) {
    case 'notSignedIn':
      return [{ id: 'signIn', label: l10n.t('Sign In') }, details, log];
    case 'journal':
      return [{ id: 'openMigrations', label: l10n.t('Show Migrations') }, details, log];
    case 'cancelled':
      return [];
    case 'forbidden':
    case 'notFound':
    case 'retired':
    case 'throttled':
    case 'unavailable':
    case 'network':
    case 'locked':
    case 'conflict':
    case 'tooLarge':
    case 'rejected':
    case 'serverError':
    case 'unexpectedAnswer':
    case 'invalidInput':
    case 'diskFull':
    case 'bug':
      return [details, log];
  }
}
