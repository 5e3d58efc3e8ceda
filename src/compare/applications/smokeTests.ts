import { exampleQueries } from '../queries/exampleQueries.ts';
import { parseQueries, queryText } from '../queries/parseQueries.ts';

export interface SmokeTested {
  readonly name: string;
  readonly endpoint: string;
  /** Audience of tokens; undefined: the endpoint. */
  readonly audience: string | undefined;
}

/**
 * Text of an `.http` file with requests that only read and that show whether a service answers: its capability
 * statement, that it refuses whoever has no token, counts, newest resources, and every custom search parameter.
 * @param json text of the service's capability statement
 */
export function smokeTests(service: SmokeTested, json: string): string {
  const endpoint = service.endpoint.replace(/\/+$/, '');
  const audience = (service.audience ?? endpoint).replace(/\/+$/, '');
  const requests = parseQueries(exampleQueries(json)).queries.map(queryText);
  const request = (title: string, address: string, headers: readonly string[]): string =>
    [`### ${title}`, `GET {{endpoint}}/${address}`, ...headers, ''].join('\n');
  const signed = ['Authorization: Bearer {{token}}', 'Accept: application/fhir+json'];
  return [
    `# Smoke tests for ${oneLine(service.name)}: nothing here writes.`,
    '# Run with the REST Client of Visual Studio Code, or the HTTP files of Visual Studio and JetBrains.',
    '# A token, good for about an hour; do not keep it in git:',
    `#   az account get-access-token --scope "${audience}/.default" --query accessToken --output tsv`,
    `@endpoint = ${endpoint}`,
    '@token = paste-the-token-here',
    '',
    request('The capability statement needs no token; expect 200', 'metadata', ['Accept: application/fhir+json']),
    request('Without a token; expect 401', 'Patient?_count=1', ['Accept: application/fhir+json']),
    ...requests.map((address) =>
      request('Expect 200, and nothing in an entry of mode outcome', address, [...signed, 'Prefer: handling=strict']),
    ),
  ].join('\n');
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
