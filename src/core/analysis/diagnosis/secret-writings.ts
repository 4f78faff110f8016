import { encodeBase64Url } from "../../base/base64url.ts";
import type { CauseId } from "./causes.ts";
import { type FailedVerification, fixForIssuer, fixForVerifier, type Trial } from "./failed-verification.ts";
import { hmacOf, secretBytes } from "./secret.ts";
import { literalReadings, programTexts } from "./secret-literals.ts";
import { bytesFromBase64, bytesFromHex, bytesOf, textOf } from "./secret-variants.ts";

/** The same secret in another notation: what led to it, as in "when …", and what to do. */
interface Writing {
  readonly cause: CauseId;
  readonly how: string;
  readonly fix: string;
  readonly bytes: readonly (Uint8Array | undefined)[];
}

/** The longest secret, in bytes, that is tried in other writings. */
const LONGEST = 4096;

/**
 * Cause: the secret is written as some program or file format writes it, hashed or cut, by one of the sides. Rarer than
 * what `secretVariants` lists, and tried last.
 */
export function* secretWritingTrials(failure: FailedVerification): Iterable<Trial> {
  const alg = hmacOf(failure);
  if (alg === undefined) return;
  const { signingInput, signature, facts } = failure;
  for (const secret of secretBytes(failure)) {
    if (secret.length === 0 || secret.length > LONGEST) continue;
    const k = encodeBase64Url(secret);
    const digests = facts.secretDigests.filter((digest) => digest.secret === k);
    for (const { cause, how, fix, bytes } of [...writings(secret), ...hashed(digests)]) {
      for (const key of new Set(bytes.map((one) => one && encodeBase64Url(one)))) {
        if (key === undefined || key === "" || key === k) continue;
        yield {
          ...{ cause, alg, signingInput, signature, fix },
          key: { kty: "oct", k: key },
          evidence: `the signature fits the secret ${how}`,
        };
      }
    }
  }
}

function writings(secret: Uint8Array): readonly Writing[] {
  const text = textOf(secret);
  return [
    ...(text === undefined ? [] : [...spellings(text), ...readings(text)]),
    ...programTexts(secret),
    {
      cause: "secret_base64",
      how: "when it is encoded in base64 twice",
      fix: fixForIssuer("the secret was encoded in base64 twice; decode it, or give its text as it is"),
      bytes: base64Texts(secret)
        .slice(0, 2)
        .flatMap((once) => base64Texts(bytesOf(once)).slice(0, 1))
        .map(bytesOf),
    },
    ...[32, 64].map(
      (length): Writing => ({
        cause: "secret_cut",
        how: `when it ends after ${length} bytes`,
        fix: fixForIssuer(
          `the secret is cut to ${length} bytes before use; use all of it, or give ${length} bytes to both sides`,
        ),
        bytes: secret.length > length ? [secret.subarray(0, length)] : [],
      }),
    ),
  ];
}

/** The text is a writing of the secret that the issuer uses. */
function readings(text: string): readonly Writing[] {
  const once = bytesFromBase64(text.trim());
  const inner = once && textOf(once)?.trim();
  const values = variableValues(text);
  return [
    {
      cause: "secret_variable_line",
      how: "when it is the value alone, without the name before it",
      fix: fixForVerifier(
        "give the value only, without the variable's name: --secret env:NAME, or a file that holds nothing else",
      ),
      bytes: values.flatMap((value) => [bytesOf(value), bytesFromBase64(value), bytesFromHex(value)]),
    },
    ...literalReadings(text),
    {
      cause: "secret_base64",
      how: "when it is decoded from base64 twice",
      fix: fixForVerifier(
        "the secret was encoded in base64 twice: decode it once, and give the result as b64:@FILE",
      ),
      bytes: [inner === undefined ? undefined : bytesFromBase64(inner)],
    },
    {
      cause: "secret_line_break",
      how: "when it is decoded from base64 and the line break at its end is taken off",
      fix: fixForVerifier(
        "a line break was encoded with the secret: encode it anew with printf '%s' instead of echo",
      ),
      bytes: [inner === undefined ? undefined : bytesOf(inner)],
    },
  ];
}

/** Other texts for the same bytes: the issuer uses the text itself, in another spelling. */
function spellings(text: string): readonly Writing[] {
  const fix = fixForVerifier("the issuer uses a text of the secret as it is; give that very text");
  const hex = bytesFromHex(text);
  const base64 = bytesFromBase64(text);
  const mark = /^base64:([\s\S]*)$/i.exec(text)?.[1];
  const how = (what: string) => ({ how: `when ${what}`, fix });
  return [
    {
      ...{ cause: "secret_hex", ...how("its hexadecimal digits are written in the other case") },
      bytes: hex === undefined ? [] : [bytesOf(text.toUpperCase()), bytesOf(text.toLowerCase())],
    },
    {
      ...{ cause: "secret_base64", ...how("the bytes of its hexadecimal digits are written in base64") },
      bytes: hex === undefined ? [] : base64Texts(hex).map(bytesOf),
    },
    {
      ...{ cause: "secret_hex", ...how("the bytes of its base64 are written in hexadecimal") },
      bytes: base64 === undefined ? [] : hexTexts(base64).map(bytesOf),
    },
    {
      ...{ cause: "secret_base64", ...how("its base64 is written with the other alphabet or padding") },
      bytes: base64 === undefined ? [] : base64Texts(base64).map(bytesOf),
    },
    {
      ...{
        cause: "secret_base64",
        ...how('the "base64:" before it is taken off, and the rest used as text'),
      },
      bytes: [mark === undefined ? undefined : bytesOf(mark)],
    },
    {
      ...{ cause: "secret_base64", ...how('"base64:" is put before it and used as a part of it') },
      bytes: [base64 === undefined ? undefined : bytesOf(`base64:${text}`)],
    },
    {
      cause: "secret_variable_line",
      how: "when the name of a variable is put before it",
      fix: fixForIssuer("the issuer's secret has the variable's name before it; use the value only"),
      bytes: LINES.flatMap(([before, after]) =>
        NAMES.map((name) => bytesOf(`${before.replace("N", name)}${text}${after}`)),
      ),
    },
  ];
}

const NAMES = ["JWT_SECRET", "SECRET", "SECRET_KEY", "JWT_SECRET_KEY"];
const LINES = [
  ["N=", ""],
  ['N="', '"'],
  ["export N=", ""],
  ["export N='", "'"],
  ["N: ", ""],
] as const;

/** The values of the first lines of a file of variables: `NAME=value`, `export NAME='value'`, `NAME: value`. */
function variableValues(text: string): readonly string[] {
  const line = /^\s*(?:export\s+|set\s+|\$env:)?["']?[A-Za-z_][\w.-]{0,80}["']?\s*[=:]\s*(.*?)\s*[;,]?\s*$/;
  return text
    .split("\n", 8)
    .flatMap((one) => line.exec(one)?.[1] ?? [])
    .map((value) => /^(["'`])(.*)\1$/.exec(value)?.[2] ?? value);
}

function hashed(
  digests: readonly FailedVerification["facts"]["secretDigests"][number][],
): readonly Writing[] {
  return digests.map(({ hash, bytes }) => ({
    cause: "secret_hashed",
    how: `when it is hashed with ${hash}, and the hash used in its place`,
    fix: `${fixForIssuer("sign with the secret itself, HMAC hashes it where needed (RFC 2104)")}. ${fixForVerifier(
      `until then give the ${hash} of the secret as --secret @FILE or hex:@FILE`,
    )}`,
    bytes: [bytes, ...hexTexts(bytes).map(bytesOf), ...base64Texts(bytes).slice(0, 1).map(bytesOf)],
  }));
}

function base64Texts(bytes: Uint8Array): readonly string[] {
  const url = encodeBase64Url(bytes);
  const standard = url.replaceAll("-", "+").replaceAll("_", "/");
  const padding = "=".repeat((4 - (url.length % 4)) % 4);
  return [...new Set([`${standard}${padding}`, url, standard])];
}

function hexTexts(bytes: Uint8Array): readonly string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex, hex.toUpperCase()];
}
