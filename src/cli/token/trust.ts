import type { Command } from "commander";
import type { RemoteSource } from "../../app/jwks/load-remote-keys.ts";
import { givenCandidates } from "../../app/token/candidate-keys.ts";
import { type TrustSource, trustGivenKeys, trustStoreKeys } from "../../app/token/verify-token.ts";
import { AppError } from "../../core/base/errors.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import { looksLikeUrl } from "../../core/remote/remote-url.ts";
import type { Context } from "../context.ts";
import { isFromStdin } from "../input.ts";
import { readKeyFile } from "../keys/key-files.ts";
import { keyPorts, storePassphrase } from "../keys/shared.ts";
import { collect } from "../options.ts";
import { givenSecret, type SecretOptions, secretOptions } from "./secret.ts";

/** Whose keys a token is verified with; without any of these, the store's. */
export interface TrustOptions extends SecretOptions {
  readonly key?: readonly string[];
  readonly keyPassphraseFile?: string;
  readonly jwks?: string;
  readonly issuerUrl?: string;
  readonly refreshJwks?: boolean;
}

export function trustOptions(command: Command): Command {
  return secretOptions(
    command
      .option("--key <file>", "a key: PEM, DER, JWK, JWKS or certificate; - for stdin (repeatable)", collect)
      .option("--key-passphrase-file <file>", "where the passphrase of an encrypted key file is"),
    "an HMAC secret",
  )
    .option("--jwks <file|url>", "a JWK Set: a file, or an https URL")
    .option("--issuer-url <url>", "the keys that this issuer publishes (OpenID Connect, RFC 8414)")
    .option("--refresh-jwks", "ask the server although the cached keys are fresh");
}

/** Which of the ways to name keys was taken. @throws AppError `usage` for more than one */
function keySource(chosen: TrustOptions): "key" | "secret" | "jwks" | "issuer" | "store" {
  const taken = [
    ...(chosen.key === undefined ? [] : (["key"] as const)),
    ...(chosen.secret === undefined ? [] : (["secret"] as const)),
    ...(chosen.secretFile === undefined ? [] : (["secret"] as const)),
    ...(chosen.jwks === undefined ? [] : (["jwks"] as const)),
    ...(chosen.issuerUrl === undefined ? [] : (["issuer"] as const)),
  ];
  if (taken.length <= 1) return taken[0] ?? "store";
  throw new AppError("usage", "the keys are named in more than one way", {
    hints: ["Give one of --key, --secret, --secret-file, --jwks and --issuer-url"],
  });
}

/** True when something of the key is read from stdin, so that the token cannot be. */
export function readsStdin({ key, secret, jwks }: TrustOptions): boolean {
  return (key?.includes("-") ?? false) || isFromStdin(secret) || jwks === "-";
}

/**
 * Whom to trust, by what the user named. Nothing is fetched but what was named here, and the store is opened only when
 * nothing was.
 *
 * @throws AppError `usage`, and what reading keys throws
 */
export async function trustSource(context: Context, chosen: TrustOptions): Promise<TrustSource> {
  const source = keySource(chosen);
  if (
    chosen.refreshJwks &&
    !(source === "issuer" || (source === "jwks" && looksLikeUrl(chosen.jwks ?? "")))
  ) {
    throw new AppError("usage", "--refresh-jwks needs --jwks URL or --issuer-url");
  }
  switch (source) {
    case "secret":
      return trustGivenKeys([await givenSecret(context, chosen)]);
    case "key":
      return trustGivenKeys(await keyFiles(context, chosen.key ?? [], chosen.keyPassphraseFile));
    case "jwks": {
      const jwks = chosen.jwks ?? "";
      if (!looksLikeUrl(jwks))
        return trustGivenKeys(await keyFiles(context, [jwks], chosen.keyPassphraseFile));
      return trustingRemote(context, { kind: "jwks", url: jwks }, chosen.refreshJwks ?? false);
    }
    case "issuer":
      return trustingRemote(
        context,
        { kind: "issuer", url: chosen.issuerUrl ?? "" },
        chosen.refreshJwks ?? false,
      );
    case "store":
      return storeTrust(context);
  }
}

async function keyFiles(
  context: Context,
  given: readonly string[],
  passphraseFile: string | undefined,
): Promise<readonly CandidateKey[]> {
  const keyTools = await context.keyTools();
  const candidates: CandidateKey[] = [];
  for (const file of given) {
    const { keys, name } = await readKeyFile(context, file, keyTools, passphraseFile);
    candidates.push(...givenCandidates(keys, name, keyTools));
  }
  return candidates;
}

/** Keys from a server. An issuer that was named is also the one the token must come from. */
function trustingRemote(context: Context, source: RemoteSource, refreshed: boolean): TrustSource {
  let refresh = refreshed;
  return async ({ kid }) => {
    const { loadRemoteKeys } = await import("../../app/jwks/load-remote-keys.ts");
    const keyTools = await context.keyTools();
    const loaded = await loadRemoteKeys(
      { source, refresh, kid },
      {
        network: await context.network(),
        cache: await context.documentCache(),
        clock: context.runtime.clock,
        keyTools,
      },
    );
    // Of many tokens only the first has the server asked although the keys are fresh.
    refresh = false;
    for (const { message } of loaded.warnings) context.warn(message);
    for (const note of loaded.notes) context.detail(`left out: ${note}`);
    return {
      candidates: givenCandidates(loaded.keys, loaded.url, keyTools),
      issuers: loaded.issuer === undefined ? [] : [loaded.issuer],
      audiences: [],
      holdsFor: "known_kids",
    };
  };
}

async function storeTrust(context: Context): Promise<TrustSource> {
  try {
    const ports = { ...(await keyPorts(context)), passphrase: storePassphrase(context) };
    // The states of keys change while a long input is read.
    return (hint) => trustStoreKeys(ports, context.now())(hint);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_not_found") throw error;
    throw new AppError("store_not_found", `no key was given, and ${error.message}`, {
      hints: ["Name the key with --key, --secret, --jwks or --issuer-url", ...error.hints],
      data: error.data,
      cause: error,
    });
  }
}
