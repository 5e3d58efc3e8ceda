import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasFailed } from '../../src/compare/comparison.ts';
import { clientSecretTokens } from '../../src/azure/identityTokens.ts';
import { silentLog } from '../../src/http/log.ts';
import { createServices } from '../../src/services/services.ts';
import { createTransport } from '../../src/http/transport.ts';
import { cloudOf } from '../sandbox/cloudSettings.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';

/** Requests of a comparison of two services in all aspects, profiles that the data names included. */
export async function comparison(): Promise<readonly Figure[]> {
  const sandbox = await startSandbox({
    services: [
      {
        name: 'contoso',
        flavour: 'azureApiForFhir',
        data: [{ kind: 'customDefinitions' }, { kind: 'patients', count: 20 }],
      },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  const journalFolder = await mkdtemp(join(tmpdir(), 'fhir-migration-bench-'));
  try {
    const cloud = cloudOf(sandbox);
    const principal = { tenantId: sandbox.tenantId, clientId: sandbox.clientId, secret: sandbox.clientSecret };
    const tokens = clientSecretTokens(cloud, principal, createTransport(sandbox.certificateAuthority));
    const log = { ...silentLog, error: () => undefined };
    const services = createServices({ cloud, tokens, journalFolder, log, userAgent: 'bench' });
    const [source, target] = [sandbox.resourceIdOf('contoso'), sandbox.resourceIdOf('clinical')];
    sandbox.resetCounters();
    const { aspects } = await services.compare(source, target, undefined, new AbortController().signal);
    const requests = Object.entries(sandbox.counters()).reduce(
      (sum, [kind, count]) => sum + (/^(token|login)/.test(kind) ? 0 : count),
      0,
    );
    await services.dispose();
    const failed = aspects.filter(hasFailed).length;
    return [
      {
        name: 'comparisonRequests',
        value: requests,
        unit: 'requests',
        bound: 'atMost',
        goal: 12,
        against: `two services in ${aspects.length} aspects`,
      },
      {
        name: 'comparisonFailed',
        value: failed,
        unit: 'aspects',
        bound: 'atMost',
        goal: 0,
        against: 'of the same comparison',
      },
    ];
  } finally {
    await sandbox.stop();
    await rm(journalFolder, { recursive: true, force: true });
  }
}
