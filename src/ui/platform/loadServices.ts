import { readFile } from 'node:fs/promises';
import type { TokenSource } from '../../azure/tokens.ts';
import type { Log } from '../../engine/ports.ts';
import { FailureError } from '../../failure/failure.ts';
import type { Services, ServicesModule } from '../../services/contract.ts';
import type { Settings } from './settings.ts';

/** What the services are made from. */
export interface LoadOptions {
  readonly settings: Settings;
  readonly editorTokens: TokenSource;
  /** The secret that the user stored, if any. */
  readonly clientSecret: () => PromiseLike<string | undefined>;
  readonly journalFolder: string;
  readonly log: Log;
  readonly userAgent: string;
}

/** Loads the services bundle: the only place that does, and only when something is asked of Azure or of a migration. */
export async function loadServices(options: LoadOptions): Promise<Services> {
  const { settings, log, journalFolder, userAgent } = options;
  const module: ServicesModule = await import('../../services/services.ts');
  const cloud = await withCertificateAuthority(settings);
  const tokens = await tokenSource(module, { ...options, settings: { ...settings, cloud } });
  return module.createServices({ cloud, tokens, journalFolder, log, userAgent });
}

async function tokenSource(
  module: ServicesModule,
  { settings, editorTokens, clientSecret }: LoadOptions,
): Promise<TokenSource> {
  switch (settings.method) {
    case 'vscode':
      return editorTokens;
    case 'azureCli':
      return module.azureCliTokens(settings.cloud);
    case 'clientSecret': {
      const secret = await clientSecret();
      const { tenantId, clientId } = settings;
      if (secret === undefined || tenantId === undefined || clientId === undefined) {
        throw new FailureError({
          kind: 'notSignedIn',
          message: 'The client secret, or the tenant and client that it belongs to, is not set.',
          nextStep: 'Set fhirMigration.authentication.tenantId and clientId, then run "Enter Client Secret".',
        });
      }
      return module.clientSecretTokens(settings.cloud, { tenantId, clientId, secret });
    }
  }
}

async function withCertificateAuthority({ cloud, certificateAuthorityFile }: Settings): Promise<Settings['cloud']> {
  if (certificateAuthorityFile === undefined) return cloud;
  try {
    return { ...cloud, certificateAuthority: await readFile(certificateAuthorityFile, 'utf8') };
  } catch (cause) {
    throw new FailureError(
      {
        kind: 'invalidInput',
        message: `The certificate authority ${certificateAuthorityFile} cannot be read.`,
        nextStep: 'Correct fhirMigration.cloud.custom in the settings.',
      },
      { cause },
    );
  }
}
