import { trustGiven } from "../../app/token/trusted-keys.ts";
import { type TrustSource, trustingGiven, trustingStore } from "../../app/token/verify-token.ts";
import { encodeBase64Url } from "../../core/base64url.ts";
import { AppError } from "../../core/errors.ts";
import type { CandidateKey } from "../../core/token/key-choice.ts";
import type { Context } from "../context.ts";
import { MAX_SECRET_BYTES, readSecret } from "../input.ts";
import { readKeyFile } from "../keys/key-files.ts";
import { keyPorts, storePassphrase } from "../keys/shared.ts";

/** The keys of the honest side, as `tamper` takes them. */
export interface VerifierOptions {
  readonly key?: string;
  readonly jwks?: string;
  readonly secret?: string;
  readonly secretFile?: string;
  readonly keyPassphraseFile?: string;
}

export interface Verifier {
  /** Undefined when there is no key: nothing can be verified. */
  readonly trust: TrustSource | undefined;
  /** The file of --key as it is. */
  readonly keyFile: Uint8Array | undefined;
}

/**
 * Whom the verifier trusts: the keys that were given, or else the store's, where there is one.
 *
 * @throws AppError `usage` for two kinds of keys at once, and what reading a key throws
 */
export async function verifierOf(context: Context, options: VerifierOptions): Promise<Verifier> {
  const given = (["key", "jwks", "secret", "secretFile"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (given.length > 1) throw new AppError("usage", "give one of --key, --jwks, --secret and --secret-file");
  if (given.length === 0) return { trust: await storeTrust(context), keyFile: undefined };
  const file = options.key ?? options.jwks;
  if (file === undefined)
    return { trust: trustingGiven([await secretKey(context, options)]), keyFile: undefined };
  const keyTools = await context.keyTools();
  const { keys, name } = await readKeyFile(context, file, keyTools, options.keyPassphraseFile);
  const trust = trustingGiven(trustGiven(keys, name, keyTools));
  // stdin has been read; a key from there is written anew.
  const keyFile = options.key === undefined || file === "-" ? undefined : await reread(context, file);
  return { trust, keyFile };
}

async function storeTrust(context: Context): Promise<TrustSource | undefined> {
  try {
    return trustingStore(
      { ...(await keyPorts(context)), passphrase: storePassphrase(context) },
      context.now(),
    );
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return undefined;
    throw error;
  }
}

async function secretKey(context: Context, options: VerifierOptions): Promise<CandidateKey> {
  const bytes =
    options.secret === undefined
      ? await context.runtime.files.read(options.secretFile ?? "", MAX_SECRET_BYTES)
      : (await readSecret(context, options.secret, "--secret")).bytes;
  return {
    jwk: { kty: "oct", k: encodeBase64Url(bytes) },
    source: "the secret given",
    bits: bytes.length * 8,
  };
}

function reread(context: Context, given: string): Promise<Uint8Array> {
  return context.runtime.files.read(given.startsWith("@") ? given.slice(1) : given, MAX_SECRET_BYTES);
}
