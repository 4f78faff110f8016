import type { RemoteSource } from "../../app/jwks/load-remote-keys.ts";
import { givenCandidates } from "../../app/token/candidate-keys.ts";
import {
  type Trust,
  type TrustSource,
  trustGivenKeys,
  trustStoreKeys,
} from "../../app/token/verify-token.ts";
import { AppError } from "../../core/base/errors.ts";
import type { KeyTools, LeftOutKey } from "../../core/jose/ports/crypto.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import { looksLikeUrl } from "../../core/remote/remote-url.ts";
import type { Needs } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { isFromStdin, type SecretPorts } from "../input.ts";
import { KEY_PASSPHRASE_FILE, type KeyFile, type KeyFileChoice, readKeyFile } from "../keys/key-files.ts";
import { givenSecret, secretOptions } from "./secret.ts";

/** The keys a token is verified with; without any of these, the store's. */
export const TRUST_OPTIONS = {
  key: {
    value: "file",
    repeatable: true,
    help: "a key: PEM, DER, JWK, JWKS or certificate; env:NAME, or - for stdin",
    completes: "file",
    conflicts: ["secret", "secretFile", "jwks", "issuerUrl"],
    hint: "Give one of --key, --secret, --secret-file, --jwks and --issuer-url",
  },
  keyPassphraseFile: KEY_PASSPHRASE_FILE,
  ...secretOptions("an HMAC secret"),
  jwks: {
    value: "file|url",
    help: "a JWK Set: a file, or an https URL",
    completes: "file",
    conflicts: ["secret", "secretFile", "issuerUrl"],
  },
  issuerUrl: {
    value: "url",
    help: "the keys that this issuer publishes (OpenID Connect, RFC 8414)",
    conflicts: ["secret", "secretFile"],
  },
  refreshJwks: { help: "ignore the cache and fetch the keys again" },
} as const satisfies DeclaredOptions;

export type TrustOptions = OptionsOf<typeof TRUST_OPTIONS>;

/** What it takes to get at keys wherever they are. */
export type TrustPorts = SecretPorts &
  Needs<"clock" | "documentCache" | "keyPorts" | "keyTools" | "network" | "passphrase">;

/** True when something of the key is read from stdin, so that the token cannot be. */
export function readsStdin({ key, secret, jwks }: TrustOptions): boolean {
  return key.includes("-") || isFromStdin(secret) || jwks === "-";
}

/**
 * The keys to trust, by what the user named. Nothing is fetched but what was named here, and the store is opened only when
 * nothing was.
 *
 * @throws AppError `usage`, and what reading keys throws
 */
export async function trustSource(chosen: TrustOptions, ports: TrustPorts): Promise<TrustSource> {
  const { key, jwks, issuerUrl, keyPassphraseFile, refreshJwks } = chosen;
  const isFetched = issuerUrl !== undefined || looksLikeUrl(jwks ?? "");
  if (refreshJwks && !isFetched) {
    throw new AppError("usage", "--refresh-jwks needs --jwks URL or --issuer-url");
  }
  if (chosen.secret !== undefined || chosen.secretFile !== undefined) {
    return trustGivenKeys([await givenSecret(chosen, ports)]);
  }
  if (issuerUrl !== undefined) return trustingRemote({ kind: "issuer", url: issuerUrl }, refreshJwks, ports);
  if (jwks !== undefined && isFetched) return trustingRemote({ kind: "jwks", url: jwks }, refreshJwks, ports);
  const files = jwks === undefined ? key : [jwks];
  const flag = jwks === undefined ? "--key" : "--jwks";
  return files.length === 0 ? storeTrust(ports) : keyFiles(files, { flag, keyPassphraseFile }, ports);
}

async function keyFiles(
  given: readonly string[],
  how: KeyFileChoice,
  ports: TrustPorts,
): Promise<TrustSource> {
  const keyTools = await ports.keyTools();
  const candidates: CandidateKey[] = [];
  const unusable: LeftOutKey[] = [];
  for (const file of given) {
    const found = await readKeyFile(file, how, keyTools, ports);
    candidates.push(
      ...(await withCertificate(givenCandidates(found.keys, found.name, keyTools), found, keyTools)),
    );
    unusable.push(...found.leftOut);
  }
  return trustGivenKeys(candidates, unusable);
}

/** A key that came in the only certificate of a file, with the hashes of that. */
async function withCertificate(
  candidates: readonly CandidateKey[],
  { certificates }: Pick<KeyFile, "certificates">,
  keyTools: KeyTools,
): Promise<readonly CandidateKey[]> {
  const [only] = candidates;
  if (only === undefined || candidates.length !== 1 || certificates?.length !== 1) return candidates;
  const { certificateThumbprints } = await import("../../app/keys/fingerprints.ts");
  const [certificate] = await certificateThumbprints({ certificates }, keyTools);
  return certificate === undefined ? candidates : [{ ...only, certificate }];
}

/** Keys from a server. An issuer that was named is also the one the token must come from. */
function trustingRemote(source: RemoteSource, refreshed: boolean, ports: TrustPorts): TrustSource {
  let refresh = refreshed;
  const load = async (kid: string | undefined, renew: boolean): Promise<Trust> => {
    const { loadRemoteKeys } = await import("../../app/jwks/load-remote-keys.ts");
    const { terminal, clock } = ports;
    const keyTools = await ports.keyTools();
    const loaded = await loadRemoteKeys(
      { source, refresh, kid, renew },
      { network: await ports.network(), cache: await ports.documentCache(), clock, keyTools },
    );
    // Of many tokens only the first ignores the cache.
    refresh = false;
    for (const { message } of loaded.warnings) terminal.warn(message);
    for (const note of loaded.notes) terminal.detail(note);
    return {
      candidates: givenCandidates(loaded.keys, loaded.url, keyTools),
      issuers: loaded.issuer === undefined ? [] : [loaded.issuer],
      audiences: [],
      accessTokenIssuer: loaded.accessTokenIssuer,
      holdsFor: "known_kids",
      leftOut: loaded.leftOut,
      ...(loaded.from === "cache" && !renew ? { renew: () => load(kid, true) } : {}),
    };
  };
  return ({ kid }) => load(kid, false);
}

async function storeTrust({ keyPorts, passphrase, clock }: TrustPorts): Promise<TrustSource> {
  try {
    const ports = { ...(await keyPorts()), passphrase };
    // The states of keys change while a long input is read.
    return (hint) => trustStoreKeys(ports, clock.now())(hint);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_not_found") throw error;
    throw new AppError("store_not_found", `no key was given, and ${error.message}`, {
      hints: ["Name the key with --key, --secret, --jwks or --issuer-url", ...error.hints],
      data: error.data,
      cause: error,
    });
  }
}
