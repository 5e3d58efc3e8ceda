import { at, type ConfiguredService } from '../configurationSettings.ts';
import type { PermissionRow } from './carryPermissions.ts';

/** What an application has to change to use the target instead of the source. */
export interface ClientAdvice {
  /** Object ids of the applications that hold rights to the source's data. */
  readonly applications: readonly string[];
  readonly changes: readonly { readonly what: string; readonly from: string; readonly to: string }[];
  readonly notes: readonly string[];
}

const text = (service: ConfiguredService, ...path: readonly string[]): string | undefined => {
  const value = at(service.resource, 'properties', 'authenticationConfiguration', ...path);
  return typeof value === 'string' && value !== '' ? value.replace(/\/+$/, '') : undefined;
};

/** What each application that uses the source must change: address, audience, scope, authority. Pure. */
export function clientAdvice(
  source: ConfiguredService,
  target: ConfiguredService,
  permissions: readonly PermissionRow[],
): ClientAdvice {
  const bare = ({ endpoint }: ConfiguredService): string => endpoint.replace(/\/+$/, '');
  const [fromAudience, toAudience] = [
    text(source, 'audience') ?? bare(source),
    text(target, 'audience') ?? bare(target),
  ];
  const [fromAuthority, toAuthority] = [text(source, 'authority'), text(target, 'authority')];
  const pairs = [
    { what: 'Address of the FHIR service', from: bare(source), to: bare(target) },
    { what: 'Audience (resource) of tokens', from: fromAudience, to: toAudience },
    { what: 'Scope that is asked for', from: `${fromAudience}/.default`, to: `${toAudience}/.default` },
    { what: 'Authority that signs in', from: fromAuthority ?? 'unknown', to: toAuthority ?? 'unknown' },
  ];
  const smart = at(source.resource, 'properties', 'authenticationConfiguration', 'smartProxyEnabled') === true;
  return {
    applications: [
      ...new Set(
        permissions
          .filter(({ principalType }) => principalType === undefined || principalType === 'ServicePrincipal')
          .map(({ principalId }) => principalId),
      ),
    ],
    changes: pairs.filter(({ from, to }) => from !== to),
    notes: [
      'API permissions of the registration stay: both services belong to the application Azure Healthcare APIs (4f6778d8-5aef-43dc-a1ff-b073724b9495).',
      ...(smart
        ? [
            'The SMART on FHIR proxy is gone: use SMART on FHIR (Enhanced) with the role FHIR SMART User, or SMART identity providers.',
          ]
        : []),
    ],
  };
}
