import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** What an https server on loopback needs, and what its clients must trust. All PEM text. */
export interface ServerCertificate {
  /** The authority's certificate: clients trust this one. */
  readonly certificateAuthority: string;
  /** The server's certificate, followed by its authority. */
  readonly certificate: string;
  /** PKCS#8 private key of the server. */
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/**
 * Makes a new certificate authority and, signed by it, a certificate for 127.0.0.1, ::1 and localhost. Nothing is kept:
 * the authority's key is gone when this returns, so that nobody can sign with it later.
 */
export async function createServerCertificate(now: Date = new Date()): Promise<ServerCertificate> {
  const notBefore = new Date(now.getTime() - dayMs);
  const notAfter = new Date(now.getTime() + 30 * dayMs);
  const authorityKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  // A name of its own per start: a client that still trusts an older authority must not mix the two up.
  const run = crypto.randomUUID().slice(0, 8);

  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=Sandbox certificate authority ${run}`,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: authority.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
        { type: 'dns', value: 'localhost' },
      ]),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });

  const key = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  const authorityPem = `${authority.toString('pem')}\n`;
  return {
    certificateAuthority: authorityPem,
    certificate: `${server.toString('pem')}\n${authorityPem}`,
    key: `${PemConverter.encode(key, PemConverter.PrivateKeyTag)}\n`,
  };
}

/** A positive serial number of 16 octets in hex, as RFC 5280, 4.1.2.2 wants it. */
function serialNumber(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x01;
  return Buffer.from(octets).toString('hex');
}
