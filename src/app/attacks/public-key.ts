import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import { PUBLIC_FORMS, type PublicFormPorts, publicForms } from "../keys/public-forms.ts";

/** The forms of a public key that an attacker may use as an HMAC secret; `file`: the key file unchanged. */
export const KEY_FORMS = ["file", ...PUBLIC_FORMS] as const;
export type KeyForm = (typeof KEY_FORMS)[number];

/**
 * The public key that verifies a token, in the form that an attacker uses as an HMAC secret.
 *
 * @param file the key file; undefined when the key came from elsewhere: then it is written as PEM
 * @returns undefined when the verifier trusts no public key
 * @throws AppError `usage` for a form that this key cannot have
 */
export async function publicKeyBytes(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  { form, file }: { form: KeyForm; file: Uint8Array | undefined },
  ports: PublicFormPorts,
): Promise<Uint8Array | undefined> {
  const publicKeys = candidates.map(({ jwk }) => jwk).filter(({ kty }) => kty !== "oct");
  const kid = stringMember(objectOf(token.header.content), "kid");
  const jwk = publicKeys.find((candidate) => candidate.kid === kid) ?? publicKeys[0];
  if (jwk === undefined) return undefined;
  // A verifier would not use a whole key set, or a private key, as the secret.
  if (form === "file" && file !== undefined && publicKeys.length === 1 && !isPrivate(jwk)) return file;
  const half = await ports.keyTools.publicOf(jwk);
  if (half === null) return undefined;
  const wanted = form === "file" ? "pem" : form;
  const found = (await publicForms(half, ports)).find(({ name }) => name === wanted);
  if (found !== undefined) return found.bytes;
  throw new AppError("usage", `--key-form ${form}: this key (${half.kty}) cannot be written so`, {
    hints: ["The forms of PKCS #1 are for RSA keys; pem, der and jwk are for all"],
  });
}

function isPrivate(jwk: Jwk): boolean {
  return jwk.d !== undefined || jwk.priv !== undefined;
}
