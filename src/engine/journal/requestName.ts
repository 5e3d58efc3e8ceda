import { randomBytes } from 'node:crypto';
import type { DriverRequest, Instant } from '../ports.ts';
import { decodeRequest } from './requestFormat.ts';

const documentPattern = /^\d+-[0-9a-f]+\.json$/;
/** Before requests could carry data, the name said it all. */
const wordPattern = /^\d+-[0-9a-f]+\.(pause|resume|cancel|retry|catchUp)$/;

/** Name of a new request: names sort by the time at which they were asked. */
export function requestName(now: Instant): string {
  return `${String(Math.floor(now)).padStart(15, '0')}-${randomBytes(6).toString('hex')}.json`;
}

/** True for the name of a request of any version. */
export function isRequestName(name: string): boolean {
  return documentPattern.test(name) || wordPattern.test(name);
}

/** The request in a document of this name; undefined when this program does not understand it. */
export function requestIn(name: string, text: string): DriverRequest | undefined {
  return (wordPattern.exec(name)?.[1] as DriverRequest | undefined) ?? decodeRequest(text);
}
