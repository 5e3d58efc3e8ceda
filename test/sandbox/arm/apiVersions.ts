import { ArmError } from './armError.ts';
import type { ArmPath } from './armPath.ts';

const healthcare = [
  ...['2024-03-31', '2024-03-01', '2023-12-01', '2023-11-01', '2023-09-06', '2023-02-28', '2022-12-01', '2022-06-01'],
  ...['2022-05-15', '2021-11-01', '2021-01-11', '2020-03-30', '2020-03-15', '2019-09-16'],
];

/** Versions by provider, or by provider and type; the plain paths of ARM itself are under `microsoft.resources`. */
const versions: Readonly<Record<string, readonly string[]>> = {
  'microsoft.healthcareapis': healthcare,
  'microsoft.resources': ['2022-12-01', '2021-01-01', '2021-04-01', '2022-09-01', '2020-01-01'],
  'microsoft.resourcegraph': ['2024-04-01', '2022-10-01', '2021-03-01'],
  'microsoft.authorization': ['2022-04-01', '2020-10-01', '2018-07-01'],
  'microsoft.authorization/locks': ['2020-05-01', '2016-09-01'],
  'microsoft.storage': ['2026-09-01', '2025-06-01', '2024-01-01', '2023-05-01', '2023-01-01', '2022-09-01'],
  'microsoft.insights/metrics': ['2024-02-01', '2023-10-01', '2018-01-01'],
  'microsoft.insights/metricdefinitions': ['2024-02-01', '2023-10-01', '2018-01-01'],
  'microsoft.insights/diagnosticsettings': ['2021-05-01-preview'],
  'microsoft.eventgrid': ['2025-02-15', '2022-06-15'],
};

/** The api-version of a request. Throws ArmError 400 when it is missing or not one that the provider has. */
export function checkApiVersion(path: ArmPath, query: URLSearchParams): string {
  const namespace = path.namespace ?? 'microsoft.resources';
  const known = versions[`${namespace}/${path.types}`] ?? versions[namespace];
  if (known === undefined) {
    throw new ArmError(404, {
      code: 'InvalidResourceNamespace',
      message: `The resource namespace '${namespace}' is invalid.`,
    });
  }
  const given = query.get('api-version');
  if (given === null || given === '') {
    throw new ArmError(400, {
      code: 'MissingApiVersionParameter',
      message: 'The api-version query parameter (?api-version=) is required for all requests.',
    });
  }
  if (!known.includes(given)) {
    throw new ArmError(400, {
      code: path.namespace === undefined ? 'InvalidApiVersionParameter' : 'NoRegisteredProviderFound',
      message:
        path.namespace === undefined
          ? `The api-version '${given}' is invalid. The supported versions are '${known.join(',')}'.`
          : `No registered resource provider found for location 'westeurope' and API version '${given}' for type '${path.types}'. The supported api-versions are '${known.join(', ')}'.`,
    });
  }
  return given;
}
