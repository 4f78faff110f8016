import { encodeBase64Url } from "../../core/base64url.ts";
import type { PublicText } from "../../core/diagnosis/case.ts";
import { looksLikeKey } from "../../core/diagnosis/secret.ts";
import { bytesOf, textOf } from "../../core/diagnosis/secret-variants.ts";
import { jsonFrom } from "../../core/json/value.ts";
import { writeJson } from "../../core/json/write.ts";
import type { Jwk } from "../../core/keys/jwk.ts";
import type { CandidateKey } from "../../core/token/key-choice.ts";
import type { DiagnosisInput, DiagnosisPorts } from "./diagnose.ts";
import { orUndefined } from "./or-undefined.ts";

type Ports = Pick<DiagnosisPorts, "keyTools" | "probe">;

/**
 * What a careless library could take for an HMAC secret (RFC 8725 section 2.1): the files as they were given, and the
 * public keys in their usual forms. The likeliest form of every key comes before the next form of any.
 */
export async function publicTexts(
  keys: readonly CandidateKey[],
  { given }: DiagnosisInput,
  ports: Ports,
): Promise<readonly PublicText[]> {
  const files = given
    .filter(({ bytes }) => looksLikeKey(bytes))
    .flatMap(({ bytes }) => layouts("the text of the file", bytes));
  const perKey = await Promise.all(keys.map(({ jwk }) => formsOf(jwk, ports)));
  const rounds = Math.max(0, ...perKey.map((forms) => forms.length));
  const texts = Array.from({ length: rounds }, (_, round) =>
    perKey.flatMap((forms) => forms[round] ?? []),
  ).flat();
  return distinct([...files, ...texts]);
}

async function formsOf(jwk: Jwk, { keyTools, probe }: Ports): Promise<readonly PublicText[]> {
  const pem = await orUndefined(keyTools.writePublic(jwk, "pem"));
  const der = await orUndefined(keyTools.writePublic(jwk, "der"));
  const file = await orUndefined(keyTools.writePublic(jwk, "jwk"));
  const line = await orUndefined(keyTools.publicOf(jwk));
  const pkcs1 = await orUndefined(Promise.resolve(jwk).then((key) => probe.pkcs1Of(key)));
  return [
    ...(pem === undefined ? [] : layouts("the PEM text", pem)),
    ...(der === undefined ? [] : [{ form: "the DER", bytes: der }]),
    ...(pkcs1 === undefined ? [] : pkcs1Forms(pkcs1)),
    ...(file === undefined ? [] : layouts("the JWK text", file)),
    ...(line ? [{ form: "the JWK text", bytes: bytesOf(writeJson(jsonFrom(line))) }] : []),
  ];
}

function pkcs1Forms(der: Uint8Array): readonly PublicText[] {
  const form = "the PEM text (PKCS #1)";
  return [...layouts(form, pemOf("RSA PUBLIC KEY", der)), { form: "the DER (PKCS #1)", bytes: der }];
}

/** A text with and without its final line break, as Windows writes it, and as it fits on the one line of a variable. */
function layouts(form: string, bytes: Uint8Array): readonly PublicText[] {
  const text = textOf(bytes);
  if (text === undefined) return [{ form, bytes }];
  const bare = text.replace(/[\r\n]+$/, "").replaceAll("\r\n", "\n");
  const windows = bare.replaceAll("\n", "\r\n");
  const escaped = bare.replaceAll("\n", "\\n");
  return [
    { form, bytes },
    ...[`${bare}\n`, bare, `${windows}\r\n`, windows].map((layout) => ({ form, bytes: bytesOf(layout) })),
    ...[`${escaped}\\n`, escaped].map((layout) => ({
      form: `${form} (in one line)`,
      bytes: bytesOf(layout),
    })),
    ...bodyOf(bare).map((body) => ({ form: `the base64 text in ${form}`, bytes: bytesOf(body) })),
  ];
}

/** What stands between the two lines of a PEM text. */
function bodyOf(pem: string): readonly string[] {
  const body = /^-----BEGIN [A-Z ]+-----\n([A-Za-z0-9+/=\n]+)\n-----END [A-Z ]+-----$/.exec(pem)?.[1];
  return body === undefined ? [] : [body.replaceAll("\n", ""), body];
}

function pemOf(label: string, der: Uint8Array): Uint8Array {
  const lines = base64(der).match(/.{1,64}/g) ?? [];
  return bytesOf([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n"));
}

function base64(bytes: Uint8Array): string {
  const text = encodeBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

function distinct(texts: readonly PublicText[]): readonly PublicText[] {
  const seen = new Map(texts.map((text) => [encodeBase64Url(text.bytes), text] as const).reverse());
  return texts.filter((text) => seen.get(encodeBase64Url(text.bytes)) === text);
}
