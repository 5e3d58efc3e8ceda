import type { Failure } from './failure.ts';

/** How a storage account refuses a machine for its network, whoever asks (Azure Storage: common REST API error codes). */
const networkCodes: ReadonlySet<string> = new Set(['AuthorizationFailure', 'PublicAccessNotPermitted']);

/** True when the firewall of a storage account keeps this machine out: no role would help, and services may still reach it. */
export function isKeptOut({ kind, code }: Failure): boolean {
  return kind === 'forbidden' && code !== undefined && networkCodes.has(code);
}
