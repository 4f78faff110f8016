import { CERTIFICATE_HASHES, type CertificateHashes } from "../../core/jose/token/certificate-hash.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

interface Fingerprint {
  readonly kid: string | null;
  readonly fingerprint: string;
}

export function certificatesJson(certificates: readonly CertificateHashes[]) {
  return { certificates: certificates.map((hashes) => ({ x5t: hashes.x5t, x5t_s256: hashes["x5t#S256"] })) };
}

/** Two lines for each certificate, each under the name that it has in a header. */
export function certificatesText(certificates: readonly CertificateHashes[], style: Style): string {
  const line = (name: string, value: string) => `${style.dim(name.padEnd(8))}  ${value}\n`;
  return certificates
    .map((hashes) => CERTIFICATE_HASHES.map(({ name }) => line(name, hashes[name])).join(""))
    .join("\n");
}

export function fingerprintsJson(keys: readonly Fingerprint[]) {
  return { keys: keys.map(({ kid, fingerprint }) => ({ kid, fingerprint })) };
}

/** One line per key; with several, the kid each key says it has stands behind. */
export function fingerprintsText(keys: readonly Fingerprint[], style: Style): string {
  return keys
    .map(({ kid, fingerprint }) =>
      keys.length === 1 || kid === null ? `${fingerprint}\n` : `${fingerprint}  ${style.dim(safe(kid))}\n`,
    )
    .join("");
}
