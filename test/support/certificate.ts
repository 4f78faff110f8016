import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

// X.509 certificates for test servers (RFC 5280), written by hand: no program that may be missing, any dates.

export interface Identity {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly subject: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  /** The common name. */
  readonly name: string;
  /** DNS names and IPv4 addresses it is for; none for an authority. */
  readonly hosts?: readonly string[];
  /** Who signs it; itself when left out. */
  readonly issuer?: Identity;
  readonly from?: Date;
  readonly until?: Date;
}

const DAY = 86_400_000;

export function createCertificate(options: CertificateOptions): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const spki = publicKey.export({ type: "spki", format: "der" });
  const issuer = options.issuer;
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serialOf(spki)),
    ECDSA_SHA256,
    nameOf(issuer?.subject ?? options.name),
    sequence(time(options.from ?? new Date(now - DAY)), time(options.until ?? new Date(now + 30 * DAY))),
    nameOf(options.name),
    spki,
    tagged(0xa3, sequence(...extensions(options.hosts ?? []))),
  );
  const signature = sign("sha256", content, issuer?.privateKey ?? privateKey);
  const der = sequence(content, ECDSA_SHA256, tagged(0x03, Buffer.from([0]), signature));
  return {
    cert: pem("CERTIFICATE", der),
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    subject: options.name,
    privateKey,
  };
}

/** Positive and without leading zeros, as DER demands of an INTEGER. */
function serialOf(spki: Buffer): Buffer {
  const serial = createHash("sha256").update(spki).digest().subarray(0, 8);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function extensions(hosts: readonly string[]): Buffer[] {
  const isAuthority = hosts.length === 0;
  const constraints = sequence(...(isAuthority ? [tagged(0x01, Buffer.from([0xff]))] : []));
  const basic = sequence(oid("2.5.29.19"), tagged(0x01, Buffer.from([0xff])), tagged(0x04, constraints));
  if (isAuthority) return [basic];
  const names = hosts.map((host) =>
    /^\d+\.\d+\.\d+\.\d+$/.test(host)
      ? tagged(0x87, Buffer.from(host.split(".").map(Number)))
      : tagged(0x82, Buffer.from(host)),
  );
  return [basic, sequence(oid("2.5.29.17"), tagged(0x04, sequence(...names)))];
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80
      ? Buffer.from([body.length])
      : body.length < 0x100
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

function nameOf(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("2.5.4.3"), tagged(0x0c, Buffer.from(commonName)))));
}

/** GeneralizedTime: good for every year. */
function time(date: Date): Buffer {
  return tagged(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, "")));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
