import { bytesOf, textOf } from "../../core/analysis/diagnosis/secret-variants.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import { AppError } from "../../core/base/errors.ts";
import { jsonFrom } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";
import type { SignatureProbe } from "../../core/jose/ports/signature-probe.ts";

/**
 * The named forms of a public key. `pkcs1`: RSAPublicKey (RFC 8017 appendix A.1.1); `-bare`: without the final line
 * break; `-crlf`: with the line breaks of Windows; `-line`: on one line, for a variable; `-body`: the base64 text
 * alone.
 */
export const PUBLIC_FORMS = [
  ...(["pem", "pem-bare", "pem-crlf", "pem-line", "pem-body", "der"] as const),
  ...(["pkcs1", "pkcs1-bare", "pkcs1-crlf", "pkcs1-line", "pkcs1-body", "pkcs1-der"] as const),
  ...(["jwk", "jwk-bare", "jwk-crlf", "jwk-line"] as const),
] as const;

export type PublicFormName = (typeof PUBLIC_FORMS)[number];

/** A public key as bytes that a careless library could use as an HMAC secret (RFC 8725 section 2.1). */
export interface PublicForm {
  /** Undefined for a variant of another form. */
  readonly name: PublicFormName | undefined;
  /** For people, as in "the PEM text". */
  readonly form: string;
  readonly bytes: Uint8Array;
}

export interface PublicFormPorts {
  readonly keyTools: Pick<KeyTools, "publicOf" | "writePublic">;
  readonly probe: Pick<SignatureProbe, "pkcs1Of">;
}

/** A public key in every form it can have, the likeliest first. */
export async function publicForms(
  jwk: Jwk,
  { keyTools, probe }: PublicFormPorts,
): Promise<readonly PublicForm[]> {
  const pem = await orUndefined(keyTools.writePublic(jwk, "pem"));
  const der = await orUndefined(keyTools.writePublic(jwk, "der"));
  const file = await orUndefined(keyTools.writePublic(jwk, "jwk"));
  const line = await orUndefined(keyTools.publicOf(jwk));
  const pkcs1 = await orUndefined(Promise.resolve(jwk).then((key) => probe.pkcs1Of(key)));
  return [
    ...(pem === undefined ? [] : layouts("the PEM text", pem, "pem")),
    ...(der === undefined ? [] : [{ name: "der", form: "the DER", bytes: der } as const]),
    ...(pkcs1 === undefined ? [] : pkcs1Forms(pkcs1)),
    ...(file === undefined ? [] : layouts("the JWK text", file, "jwk")),
    ...(line ? [oneLine(line)] : []),
  ];
}

function oneLine(jwk: Jwk): PublicForm {
  return { name: "jwk-line", form: "the JWK text", bytes: bytesOf(writeJson(jsonFrom(jwk))) };
}

function pkcs1Forms(der: Uint8Array): readonly PublicForm[] {
  return [
    ...layouts("the PEM text (PKCS #1)", pemOf("RSA PUBLIC KEY", der), "pkcs1"),
    { name: "pkcs1-der", form: "the DER (PKCS #1)", bytes: der },
  ];
}

/**
 * A text with and without its final line break, with the line breaks of Windows, and on one line for a variable.
 *
 * @param name the name of these forms; undefined for a given file
 */
export function layouts(
  form: string,
  bytes: Uint8Array,
  name?: "pem" | "pkcs1" | "jwk",
): readonly PublicForm[] {
  const text = textOf(bytes);
  if (text === undefined) return [{ name, form, bytes }];
  const bare = text.replace(/[\r\n]+$/, "").replaceAll("\r\n", "\n");
  const windows = bare.replaceAll("\n", "\r\n");
  const escaped = bare.replaceAll("\n", "\\n");
  const inOneLine = `${form} (in one line)`;
  const made = (layout: string, of: string, called?: PublicFormName) => ({
    name: called,
    form: of,
    bytes: bytesOf(layout),
  });
  return [
    { name, form, bytes },
    made(`${bare}\n`, form),
    made(bare, form, name && `${name}-bare`),
    made(`${windows}\r\n`, form, name && `${name}-crlf`),
    made(windows, form),
    // A JWK has another form on one line.
    made(`${escaped}\\n`, inOneLine, name === "jwk" ? undefined : name && `${name}-line`),
    made(escaped, inOneLine),
    ...bodies(bare).map((body, index) => {
      const called = index > 0 || name === "jwk" ? undefined : name && (`${name}-body` as const);
      return made(body, `the base64 text in ${form}`, called);
    }),
  ];
}

/** The base64 body of a PEM text: on one line, and with its line breaks. */
function bodies(pem: string): readonly string[] {
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

/** Undefined instead of an AppError, for facts that a diagnosis can do without. */
export async function orUndefined<Value>(attempt: Promise<Value>): Promise<Value | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
