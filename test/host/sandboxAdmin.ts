import { request } from 'node:https';

import type { Fault, FhirServiceSpec, JobFault, RequestCounters } from '../sandbox/contract.ts';
import { sandboxAdminVariable } from './world.ts';
import type { SandboxAdminAddress } from './world.ts';

/** Requests that the sandbox has had since it started or since they were reset, by kind. */
export async function requestCounts(): Promise<RequestCounters> {
  return JSON.parse(await send('GET', 'counters')) as RequestCounters;
}

export async function resetRequestCounts(): Promise<void> {
  await send('DELETE', 'counters');
}

export async function addFault(fault: Fault): Promise<void> {
  await send('POST', 'faults', fault);
}

export async function addJobFault(fault: JobFault): Promise<void> {
  await send('POST', 'job-faults', fault);
}

export async function clearFaults(): Promise<void> {
  await send('DELETE', 'faults');
}

/** Changes a service while it runs. */
export async function configureService(name: string, change: Partial<FhirServiceSpec>): Promise<void> {
  await send('POST', `services/${name}`, change);
}

/** Merges into the document of a resource in Azure, past all checks. */
export async function changeResource(id: string, change: object): Promise<void> {
  await send('POST', 'resources', { id, change });
}

/** Removes the first patient of a service for good, and gives its id. */
export async function losePatient(service: string): Promise<string> {
  return (JSON.parse(await send('DELETE', `patients/${service}`)) as { readonly id: string }).id;
}

/** Writes a patient on a service, as an application does, and gives its id. */
export async function writePatient(service: string): Promise<string> {
  return (JSON.parse(await send('POST', `patients/${service}`, {})) as { readonly id: string }).id;
}

async function send(method: string, path: string, body?: unknown): Promise<string> {
  const address = process.env[sandboxAdminVariable];
  if (address === undefined) throw new Error(`${sandboxAdminVariable} is not set.`);
  const { endpoint, certificateAuthority } = JSON.parse(address) as SandboxAdminAddress;
  const text = body === undefined ? '' : JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const sent = request(
      `${endpoint}/${path}`,
      {
        method,
        ca: certificateAuthority,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const content = Buffer.concat(parts).toString();
          if ((answer.statusCode ?? 500) < 300) resolve(content);
          else reject(new Error(`${method} ${path} of the sandbox: ${String(answer.statusCode)} ${content}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
