import { jsonFrom } from "../../base/json/value.ts";
import type { Attack, AttackerKeys } from "./attack.ts";
import type { AttackTarget } from "./target.ts";

/** Attacks in which the header holds, or points to, the attacker's own key. */
export const KEY_ATTACKS: readonly Attack[] = [
  {
    id: "embedded-jwk",
    title: "key inside the header",
    how: "sign with a key of one's own and put its public half into jwk, for those who take the key from the token",
    defence: "a key inside a token is never used: anyone can put one there",
    reference: "RFC 7515 section 4.1.3, CVE-2018-0114",
    needs: "own-key",
    forge: (target, means) => withOwnKey(target, means, "jwk", jsonFrom(means.ownKey?.publicJwk ?? {})),
  },
  {
    id: "jku",
    title: "key set of the attacker",
    how: "sign with a key of one's own and let jku point to a key set that holds it, for those who fetch what a token names",
    defence: "an address inside a token is never fetched",
    reference: "RFC 8725 section 3.10, RFC 7515 section 4.1.2",
    needs: "own-key",
    forge: (target, means) => withOwnKey(target, means, "jku", "https://attacker.example/jwks.json"),
  },
  {
    id: "x5u",
    title: "certificate of the attacker",
    how: "sign with a key of one's own and let x5u point to a certificate for it, for those who fetch what a token names",
    defence: "an address inside a token is never fetched",
    reference: "RFC 8725 section 3.10, RFC 7515 section 4.1.5",
    needs: "own-key",
    forge: (target, means) => withOwnKey(target, means, "x5u", "https://attacker.example/certificate.pem"),
  },
];

function withOwnKey(
  { header }: AttackTarget,
  { ownKey }: AttackerKeys,
  name: string,
  value: ReturnType<typeof jsonFrom>,
) {
  const signed = header.with("alg", ownKey?.alg ?? "ES256");
  // With the original kid a verifier would find the original key; the attacker's own must be found.
  const named = ownKey === undefined ? signed : signed.with("kid", ownKey.kid);
  return { header: named.with(name, value), signature: { kind: "own-key" } } as const;
}
