import type { Attack, Forgery } from "./attack.ts";
import type { AttackTarget } from "./target.ts";

const utf8 = new TextEncoder();

/** Attacks that make a valid HMAC under a secret which the attacker knows or chooses. */
export const SECRET_ATTACKS: readonly Attack[] = [
  {
    id: "hs-rs",
    title: "public key as HMAC secret",
    how: "sign with HMAC, the public key being the secret, for those who hand their key to whatever alg asks for",
    defence: "a key is pinned to one algorithm: a public key never serves as an HMAC secret",
    reference: "RFC 8725 section 2.1, CVE-2015-9235, CVE-2016-10555",
    needs: "public-key",
    notApplicable: ({ alg }) =>
      hmacOf(alg) === undefined
        ? undefined
        : "it is signed with a shared secret: there is no public key to abuse",
    forge: (target, { publicKey = new Uint8Array() }) => withHmac(target, publicKey),
  },
  {
    id: "blank-secret",
    title: "empty HMAC secret",
    how: "sign with the empty secret, for those whose secret comes from a setting that was never set",
    defence: "a verifier needs a secret at least as long as the hash, and never falls back to none",
    reference: "RFC 8725 section 3.5, CVE-2019-20933",
    forge: (target) => withHmac(target, new Uint8Array()),
  },
  {
    id: "kid",
    title: "kid that is a path",
    how: "name an empty file as the key and sign with the empty secret, for those who read keys from files by kid",
    defence: "kid is compared with the kids of known keys and is never a file name",
    reference: "RFC 8725 section 3.10",
    forge: (target) => withHmac(target, new Uint8Array(), "../../../../../../../../dev/null"),
  },
  {
    id: "kid-sql",
    title: "kid that is SQL",
    how: "make the key look-up answer a secret of the attacker's choice, for those who build queries from kid",
    defence: "kid is compared with the kids of known keys and is never part of a query",
    reference: "RFC 8725 section 3.10",
    forge: (target) => withHmac(target, utf8.encode("secret"), "x' UNION SELECT 'secret'--"),
  },
];

/** Signs with the target's HMAC algorithm, or HS256 when it has none. */
function withHmac(target: AttackTarget, secret: Uint8Array, kid?: string): Forgery {
  const alg = hmacOf(target.alg) ?? "HS256";
  const header = target.header.with("alg", alg);
  return {
    header: kid === undefined ? header : header.with("kid", kid),
    signature: { kind: "hmac", alg, secret },
  };
}

function hmacOf(alg: string | undefined): "HS256" | "HS384" | "HS512" | undefined {
  return alg === "HS256" || alg === "HS384" || alg === "HS512" ? alg : undefined;
}
