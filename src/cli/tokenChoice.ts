import type { Cloud } from '../azure/cloud.ts';
import type { TokenSource } from '../azure/tokens.ts';
import type { ServicesModule } from '../services/contract.ts';
import type { GlobalOptions } from './program.ts';
import { UsageError } from './session.ts';

/** Where tokens come from, as the options say. @throws UsageError when something for the chosen way is missing */
export function tokenChoice(
  services: ServicesModule,
  cloud: Cloud,
  options: Pick<GlobalOptions, 'auth' | 'tokenCommand'>,
  environment: Readonly<Record<string, string | undefined>>,
): TokenSource {
  switch (options.auth) {
    case 'default':
      return services.defaultTokens(cloud);
    case 'azureCli':
      return services.azureCliTokens(cloud);
    case 'clientSecret': {
      const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret } = environment;
      if (tenantId === undefined || clientId === undefined || secret === undefined) {
        throw new UsageError('Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET for --auth clientSecret.');
      }
      return services.clientSecretTokens(cloud, { tenantId, clientId, secret });
    }
    case 'command':
      if (options.tokenCommand === undefined) throw new UsageError('Give the command with --token-command.');
      return services.commandTokens(cloud, options.tokenCommand);
  }
}
