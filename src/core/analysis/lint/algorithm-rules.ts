import { type JsonValue, numberOf } from "../../base/json/value.ts";
import { counted } from "../../base/text/wording.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../../jose/algorithms.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";

const isAlgNone = (alg: string | undefined) => alg !== undefined && /^none$/i.test(alg);
const family = (alg: string | undefined) => (isJwsAlgorithm(alg) ? ALGORITHM_TRAITS[alg].family : undefined);
const when = (broken: boolean, message: string, where: string): readonly Occurrence[] =>
  broken ? [{ message, where }] : [];

/** Rules about how the token is signed or encrypted. */
export const ALGORITHM_RULES: readonly LintRule[] = [
  {
    id: "alg-none",
    severity: "error",
    title: "the token is not signed",
    why: "without a signature anyone can write or change the token",
    reference: "RFC 8725 section 3.2",
    check: ({ alg }) =>
      when(isAlgNone(alg), `alg is ${quoted(alg ?? "")}: anyone can write this token`, "/header/alg"),
  },
  {
    id: "alg-missing",
    severity: "error",
    title: "alg is missing",
    why: "a token must say how it is protected, so that a verifier can refuse what it does not expect",
    reference: "RFC 7515 section 4.1.1",
    check: ({ header, alg }) =>
      when(alg === undefined, header.has("alg") ? "alg is not a string" : "the header has no alg", "/header"),
  },
  {
    id: "alg-unknown",
    severity: "warning",
    title: "alg is not a registered signature algorithm",
    why: "what few implementations know is rarely tested, and spelling alg differently is an attack on block lists",
    reference: "RFC 7518 section 3.1",
    check: ({ token, alg }) => {
      const known = alg === undefined || isAlgNone(alg) || isJwsAlgorithm(alg) || OTHER_REGISTERED.has(alg);
      return when(
        !token.encrypted && !known,
        `${quoted(alg ?? "")} is no registered signature algorithm`,
        "/header/alg",
      );
    },
  },
  {
    id: "unsigned",
    severity: "error",
    title: "the signature is missing",
    why: "a token whose signature was taken off proves nothing, and some verifiers accept it",
    reference: "RFC 8725 section 3.3",
    check: ({ token, alg }) => {
      if (token.encrypted || isAlgNone(alg)) return [];
      const missing = token.signature === undefined || token.signature.text === "";
      return when(missing, "the token has no signature: it was cut or taken off", "/signature");
    },
  },
  {
    id: "signature-length",
    severity: "error",
    title: "the signature has the wrong length",
    why: "a signature of another length cannot be valid: it was cut, or is in DER form, which other libraries refuse",
    reference: "RFC 7518 section 3.4",
    check: signatureLength,
  },
  {
    id: "rsa-pkcs1-signature",
    severity: "info",
    title: "RSA with PKCS#1 v1.5 padding",
    why: "new applications should use PSS padding (PS256) or elliptic curves, whose security is better understood",
    reference: "RFC 8017 section 8",
    check: ({ alg }) => when(family(alg) === "rsa-pkcs1", `${alg} pads with PKCS#1 v1.5`, "/header/alg"),
  },
  {
    id: "alg-polymorphic",
    severity: "info",
    title: "alg does not name the curve",
    why: "EdDSA stands for two algorithms and is deprecated: Ed25519 says which one it is",
    reference: "RFC 9864 section 2.2",
    check: ({ alg }) => when(alg === "EdDSA", "EdDSA is deprecated; the name is Ed25519", "/header/alg"),
  },
  {
    id: "shared-secret",
    severity: "info",
    title: "signed with a shared secret",
    why: "everyone who can verify the token can also forge it: with several parties use a key pair",
    reference: "RFC 7515 section 10.5",
    check: ({ alg }) =>
      when(family(alg) === "hmac", `${alg}: whoever verifies this token can also write it`, "/header/alg"),
  },
  {
    id: "rsa1-5-encryption",
    severity: "error",
    title: "RSA encryption with PKCS#1 v1.5 padding",
    why: "its padding lets an attacker who can send many tokens decrypt one",
    reference: "RFC 8725 section 3.2",
    check: ({ alg }) =>
      when(alg === "RSA1_5", "RSA1_5 must no longer be used; RSA-OAEP-256 can", "/header/alg"),
  },
  {
    id: "password-rounds",
    severity: "error",
    title: "the count of password rounds is beyond reason",
    why: "a recipient hashes the password as often as the sender says: a huge count stops it, a small one lets the password be guessed",
    reference: "RFC 8725 section 3.2, RFC 7518 section 4.8.1.2",
    check: ({ header, alg }) => {
      const fault =
        header.has("p2c") || alg?.startsWith("PBES2-") ? roundsFault(header.get("p2c")) : undefined;
      return when(fault !== undefined, `p2c ${fault}`, "/header/p2c");
    },
  },
  {
    id: "compressed",
    severity: "warning",
    title: "compressed before encryption",
    why: "the length of what was compressed gives away parts of its content, and a small token can unpack to a huge one",
    reference: "RFC 8725 section 3.6",
    check: ({ header }) => when(header.has("zip"), "the content was compressed (zip)", "/header/zip"),
  },
];

/** The fewest rounds of RFC 7518, and the most that jwtctl itself would do. */
const ROUNDS = { fewest: 1000, most: 1_200_000 } as const;

function roundsFault(p2c: JsonValue | undefined): string | undefined {
  if (p2c === undefined) return "is missing";
  const rounds = numberOf(p2c);
  if (rounds === undefined || !Number.isInteger(rounds)) return "is no whole number";
  if (rounds > ROUNDS.most) return `is ${rounds}: more than ${ROUNDS.most} rounds keep a recipient busy`;
  return rounds < ROUNDS.fewest
    ? `is ${rounds}: below ${ROUNDS.fewest} a password is guessed fast`
    : undefined;
}

/** Registered for JWS (IANA), though jwtctl does not verify them. */
const OTHER_REGISTERED: ReadonlySet<string> = new Set(["ES256K", "Ed448"]);

function signatureLength({ token, alg }: LintSubject): readonly Occurrence[] {
  if (token.encrypted || !isJwsAlgorithm(alg)) return [];
  const expected = ALGORITHM_TRAITS[alg].signatureBytes;
  const bytes = token.signature?.bytes;
  if (expected === undefined || bytes === undefined || bytes.length === 0 || bytes.length === expected)
    return [];
  const der = ALGORITHM_TRAITS[alg].family === "ecdsa" && bytes[0] === 0x30 ? "; it looks like DER" : "";
  const message = `the signature has ${counted(bytes.length, "byte")} where ${alg} makes ${expected}${der}`;
  return [{ message, where: "/signature" }];
}
