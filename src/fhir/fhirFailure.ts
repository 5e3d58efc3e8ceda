import { type Failure, FailureError, type FailureKind } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { kindOfStatus } from '../http/statusKind.ts';
import { type OutcomeWords, outcomeWords } from './operationOutcome.ts';

/** What was tried, as the start of a sentence, and the role that it needs: `{ tried: 'Counting resources', role: … }`. */
export interface Attempted {
  readonly tried: string;
  readonly role?: string;
}

const tooLargeWords = /ran out of memory|too much data to export|OutOfMemory/i;

/** Turns an answer that is not what was asked for into a failure with the server's own words. */
export function fhirFailure(answer: HttpAnswer, attempted: Attempted): FailureError {
  return new FailureError(describe(answer, attempted, outcomeWords(answer.text)));
}

/** The same as plain data, for a job that failed on the server. */
export function jobFailure(answer: HttpAnswer, attempted: Attempted): Failure {
  const failure = describe(answer, attempted, outcomeWords(answer.text));
  const nextStep = jobNextStep(failure);
  return {
    ...failure,
    message: `${attempted.tried} on ${answer.service} failed: the job ended with status ${answer.status}.`,
    ...(nextStep === undefined ? {} : { nextStep }),
  };
}

function describe(answer: HttpAnswer, { tried, role }: Attempted, words: OutcomeWords): Failure {
  const kind = kindOf(answer, words);
  const nextStep = nextStepOf(kind, role);
  return {
    kind,
    message: messageOf(kind, answer, tried),
    service: answer.service,
    request: answer.request,
    status: answer.status,
    ...(words.diagnostics.length === 0 ? {} : { diagnostics: words.diagnostics }),
    ...(words.code === undefined ? {} : { code: words.code }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    ...(nextStep === undefined ? {} : { nextStep }),
  };
}

function kindOf(answer: HttpAnswer, words: OutcomeWords): FailureKind {
  if (answer.status === 410 && words.detailCodes.includes('service-deprecated')) return 'retired';
  if (answer.status >= 400 && words.diagnostics.some((text) => tooLargeWords.test(text))) return 'tooLarge';
  // 403 is also what the servers answer to a search feature that they do not support (ExceptionFilter of fhir-server).
  if (answer.status === 403 && (words.code === 'not-supported' || words.code === 'invalid')) return 'rejected';
  return kindOfStatus(answer.status);
}

function messageOf(kind: FailureKind, answer: HttpAnswer, tried: string): string {
  const on = `${tried} on ${answer.service} failed`;
  switch (kind) {
    case 'retired':
      return `${answer.service} is retired: it answers only its metadata, exports and the status of exports.`;
    case 'locked':
      return `${on}: the service is locked, because its initial import mode is on.`;
    case 'unexpectedAnswer':
      return `${on}: the service gave an answer with status ${answer.status}, which was not expected here.`;
    default:
      return `${on}: the service answered ${answer.status}.`;
  }
}

function nextStepOf(kind: FailureKind, role: string | undefined): string | undefined {
  switch (kind) {
    case 'notSignedIn':
      return 'Sign in with an account that may use this service, and check the audience of the service.';
    case 'forbidden':
      return role === undefined
        ? 'Ask for the FHIR data role that this needs. New role assignments take some minutes to take effect.'
        : `Ask for the role ${role} on this service. New role assignments take some minutes to take effect.`;
    case 'retired':
      return 'Migrate with what still answers, or open a support request in the Azure portal and ask for an extension.';
    case 'throttled':
      return 'Wait, or lower the number of operations at once.';
    case 'unavailable':
    case 'serverError':
      return 'Try again later; if it stays, look at the health of the service in the Azure portal.';
    case 'locked':
      return 'Turn off initial import mode in the import settings of the service (importConfiguration.initialImportMode: false).';
    case 'tooLarge':
      return 'Choose a shorter window, or fewer resources for each page.';
    case 'conflict':
      return 'Wait until the other operation has ended, then try again.';
    case 'notFound':
    case 'rejected':
    case 'unexpectedAnswer':
    case 'network':
    case 'invalidInput':
    case 'journal':
    case 'diskFull':
    case 'cancelled':
    case 'bug':
      return undefined;
  }
}

/** A job runs with the identity of the service, so its 401, 403 and 404 are about the staging account, not the caller. */
function jobNextStep(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'notSignedIn':
    case 'forbidden':
      return 'Give the managed identity of the service the role Storage Blob Data Contributor on the staging account, and let the firewall of the account admit the service.';
    case 'notFound':
      return 'Check the name of the staging account in the settings of the service, and that container and files still exist.';
    default:
      return failure.nextStep;
  }
}
