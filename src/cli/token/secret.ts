import { encodeBase64Url } from "../../core/base/base64url.ts";
import { AppError } from "../../core/base/errors.ts";
import { readJson } from "../../core/base/json/read.ts";
import { JsonObject } from "../../core/base/json/value.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type { Needs } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { MAX_SECRET_BYTES, readSecret, type SecretPorts } from "../input.ts";
import { readNamed } from "../read-named.ts";

/** An HMAC secret, and how it is to be read. @param what what the secret is to the command, for the help */
export function secretOptions(what: string) {
  return {
    secret: {
      value: "source",
      takesContent: true,
      help: `${what}: @file, env:NAME, - (stdin, or asked for), or the text itself; b64: or hex: before it decodes it, as in b64:@file`,
      conflicts: ["secretFile"],
    },
    secretFile: {
      value: "file",
      help: `${what}: the bytes of this file as they are`,
      completes: "file",
    },
    rawSecret: { help: "keep the line break at the end of a secret from @file or stdin" },
  } as const satisfies DeclaredOptions;
}

const SECRET_ITSELF = "A secret itself is given with --secret: env:NAME, or - to type or pipe it in";

export type SecretOptions = OptionsOf<ReturnType<typeof secretOptions>>;

/**
 * The secret that was given, as a key.
 * @throws AppError `usage`, also for a key file in place of a secret; `file_unreadable`
 */
export async function givenSecret(
  chosen: SecretOptions,
  ports: SecretPorts & Needs<"keyTools">,
): Promise<CandidateKey> {
  const flag = chosen.secret === undefined ? "--secret-file" : "--secret";
  const bytes =
    chosen.secret === undefined
      ? await readNamed(ports, chosen.secretFile ?? "", MAX_SECRET_BYTES, SECRET_ITSELF)
      : (await readSecret(ports, chosen.secret, flag, chosen.rawSecret)).bytes;
  if (bytes.length === 0) {
    throw new AppError("usage", `the secret from ${flag} is empty`, {
      hints: ["Check what is written there"],
    });
  }
  await refuseKeys(bytes, flag, ports);
  const jwk = { kty: "oct", k: encodeBase64Url(bytes) };
  return { jwk, source: "the secret given", bits: bytes.length * 8 };
}

/**
 * A key file is no secret. A public one above all: everyone has it, and taking it for a secret is the attack that
 * RFC 8725 section 2.1 warns of.
 */
async function refuseKeys(bytes: Uint8Array, flag: string, { keyTools }: Needs<"keyTools">): Promise<void> {
  const text = new TextDecoder().decode(bytes).trim();
  const form = /-----BEGIN [A-Z0-9 ]+-----/.test(text)
    ? "PEM"
    : isJwk(text)
      ? "JWK"
      : await keyForm(bytes, text, keyTools);
  if (form === undefined) return;
  throw new AppError("usage", `${flag} points to a key file (${form}), not a secret`, {
    hints: ["Give it with --key"],
  });
}

/** Beginnings of DER, of its base64 and of other forms of keys: only such a secret is worth reading as a key. */
const LIKE_A_KEY = /^(?:M[CDFHI][A-Za-z0-9+/_\s-]{50}|LS0t|ssh-|ecdsa-|<)/;

async function keyForm(
  bytes: Uint8Array,
  text: string,
  keyTools: Needs<"keyTools">["keyTools"],
): Promise<string | undefined> {
  if (bytes[0] !== 0x30 && !LIKE_A_KEY.test(text)) return undefined;
  const read = await (await keyTools()).read(bytes).catch(() => undefined);
  return read?.keys.some(({ kty }) => kty !== "oct") ? read.format.toUpperCase().split("-", 1)[0] : undefined;
}

function isJwk(text: string): boolean {
  if (!text.startsWith("{")) return false;
  const reading = readJson(text);
  return (
    reading.ok &&
    reading.value instanceof JsonObject &&
    (reading.value.has("kty") || reading.value.has("keys"))
  );
}
