import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blobUrl, parseBlobAddress, stagingBase } from '../../../src/azure/blobAddress.ts';
import { FailureError } from '../../../src/failure/failure.ts';

const account = stagingBase('contoso', 'https://contoso.blob.core.windows.net/');
const emulated = stagingBase('contoso', 'https://127.0.0.1:10000/contoso');
const good = 'https://contoso.blob.core.windows.net/migration/20260504T101112-42/Patient-45-1.ndjson';

const hostile: readonly string[] = [
  // other hosts
  'https://evil.example/migration/f/Patient-1-1.ndjson',
  'https://other.blob.core.windows.net/migration/f/Patient-1-1.ndjson',
  'https://contoso.blob.core.windows.net.evil.example/migration/f/Patient.ndjson',
  'https://evil-contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://contoso.dfs.core.windows.net/migration/f/Patient.ndjson',
  'https://contoso.blob.core.usgovcloudapi.net/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net./migration/f/Patient.ndjson',
  'https://contoso-secondary.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://blob.core.windows.net/contoso/migration/f/Patient.ndjson',
  'https://contoso/migration/f/Patient.ndjson',
  // this machine and its neighbours, in every spelling
  'https://127.0.0.1/migration/f/Patient.ndjson',
  'https://127.1/migration/f/Patient.ndjson',
  'https://127.0.0.1:443/migration/f/Patient.ndjson',
  'https://0x7f000001/migration/f/Patient.ndjson',
  'https://2130706433/migration/f/Patient.ndjson',
  'https://0177.0.0.1/migration/f/Patient.ndjson',
  'https://0/migration/f/Patient.ndjson',
  'https://0.0.0.0/migration/f/Patient.ndjson',
  'https://localhost/migration/f/Patient.ndjson',
  'https://[::1]/migration/f/Patient.ndjson',
  'https://[::ffff:127.0.0.1]/migration/f/Patient.ndjson',
  'https://[0:0:0:0:0:ffff:7f00:1]/migration/f/Patient.ndjson',
  'https://169.254.169.254/metadata/instance/compute',
  'https://[fd00:ec2::254]/latest/meta-data',
  'https://168.63.129.16/machine/plugins',
  'https://10.0.0.4/migration/f/Patient.ndjson',
  'https://metadata.google.internal/computeMetadata/v1',
  // credentials
  'https://contoso.blob.core.windows.net@evil.example/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net:pass@evil.example/migration/f/Patient.ndjson',
  'https://user@contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://user:pass@contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://:@contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  // schemes and ports
  'http://contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'ftp://contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'file:///migration/f/Patient.ndjson',
  'file://contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'data:application/fhir+ndjson,{}',
  'javascript:alert(1)',
  '//contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  '/migration/f/Patient.ndjson',
  'migration/f/Patient.ndjson',
  'https:/contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https:contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https:\\\\contoso.blob.core.windows.net\\migration\\f\\Patient.ndjson',
  'https://contoso.blob.core.windows.net:8443/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net:80/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net:/migration/f/Patient.ndjson',
  // queries, fragments, encodings
  `${good}?sv=2024&sig=secret`,
  `${good}?`,
  `${good}#x`,
  `${good}#`,
  'https://contoso.blob.core.windows.net?x=/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net#/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net%2eevil.example/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net/migration%2ff/Patient.ndjson',
  'https://contoso.blob.core.windows.net/migration/f%2f..%2fPatient.ndjson',
  'https://contoso.blob.core.windows.net/migration/%2e%2e/secrets/x.ndjson',
  'https://contoso.blob.core.windows.net/migration/f/Patient.ndjson%00.txt',
  'https://contoso.blob.core.windows.net/migration/f/Pa tient.ndjson',
  'https://contoso.blob.core.windows.net/migration/f/Patient.ndjson\n',
  ' https://contoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net\t/migration/f/Patient.ndjson',
  'https://conto\u00adso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net\u3002evil.example/migration/f/Patient.ndjson',
  'https://c\u043entoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://\uff43ontoso.blob.core.windows.net/migration/f/Patient.ndjson',
  'https://contoso.blob.core.windows.net/migration\\..\\secrets\\x.ndjson',
  // paths
  'https://contoso.blob.core.windows.net/migration/../secrets/x.ndjson',
  'https://contoso.blob.core.windows.net/migration/./x.ndjson',
  'https://contoso.blob.core.windows.net/migration/f/..',
  'https://contoso.blob.core.windows.net/migration//x.ndjson',
  'https://contoso.blob.core.windows.net//migration/x.ndjson',
  'https://contoso.blob.core.windows.net/migration/',
  'https://contoso.blob.core.windows.net/migration',
  'https://contoso.blob.core.windows.net/',
  'https://contoso.blob.core.windows.net',
  'https://contoso.blob.core.windows.net/$logs/x.ndjson',
  'https://contoso.blob.core.windows.net/Migration/x.ndjson',
  'https://contoso.blob.core.windows.net/a--b/x.ndjson',
  'https://contoso.blob.core.windows.net/migration/f/<script>.ndjson',
  `https://contoso.blob.core.windows.net/migration/${'x'.repeat(3_000)}`,
  '',
];

describe('The address of a staged file', () => {
  it('is refused in at least 60 hostile forms', () => assert.ok(new Set(hostile).size >= 60));
  for (const address of hostile)
    it(`is refused as ${JSON.stringify(address.slice(0, 90))}`, () => {
      assert.throws(
        () => parseBlobAddress(account, address),
        (error) => {
          assert.ok(FailureError.is(error, 'unexpectedAnswer'));
          // The message names the hosts, and neither a signature nor a path.
          assert.doesNotMatch(error.message, /secret|Patient|sig=|pass/);
          return true;
        },
      );
    });

  for (const address of [
    'https://127.0.0.1:10000/other/migration/f/Patient.ndjson',
    'https://127.0.0.1:10000/contosoother/migration/f/Patient.ndjson',
    'https://127.0.0.1:10000/migration/f/Patient.ndjson',
    'https://127.0.0.1:10001/contoso/migration/f/Patient.ndjson',
    'https://127.1:10000/contoso/migration/f/Patient.ndjson',
    'https://localhost:10000/contoso/migration/f/Patient.ndjson',
  ])
    it(`is refused beside an account below a path: ${address}`, () => {
      assert.throws(() => parseBlobAddress(emulated, address), { name: 'FailureError' });
    });

  for (const [address, base] of [
    [good, account],
    ['https://contoso.blob.core.windows.net:443/migration/20260504T101112-42/Patient-45-1.ndjson', account],
    ['HTTPS://Contoso.Blob.Core.Windows.Net/migration/20260504T101112-42/Patient-45-1.ndjson', account],
    ['https://127.0.0.1:10000/contoso/migration/20260504T101112-42/Patient-45-1.ndjson', emulated],
  ] as const)
    it(`is taken as ${address}`, () => {
      assert.deepEqual(parseBlobAddress(base, address), {
        container: 'migration',
        path: '20260504T101112-42/Patient-45-1.ndjson',
      });
    });

  it('is taken as this program writes it', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const named = { container: 'migration', path: segments.join('/') };
        assert.deepEqual(parseBlobAddress(account, blobUrl(account, named)), named);
        assert.deepEqual(parseBlobAddress(emulated, blobUrl(emulated, named)), named);
      }),
    );
  });

  it('never leads elsewhere, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.webUrl({ withQueryParameters: true }),
          fc.string().map((text) => `https://contoso.blob.core.windows.net/${text}`),
        ),
        (address) => {
          try {
            parseBlobAddress(account, address);
          } catch {
            return;
          }
          const url = new URL(address);
          assert.equal(url.origin, account.origin);
          assert.equal(`${url.search}${url.hash}${url.username}${url.password}`, '');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
