import { type JsonValue, numberOf } from "../../base/json/value.ts";
import { formatSpan } from "../../base/time/format.ts";
import { isNumericDateClaim } from "../../jose/token/times.ts";

/** What a difference between two tokens means. */
export interface Significance {
  /** Whether a verifier may accept one token and refuse the other because of it. */
  readonly verification: boolean;
  /** One sentence without its full stop. */
  readonly why: string;
}

const verified = (why: string): Significance => ({ verification: true, why });
const read = (why: string): Significance => ({ verification: false, why });

const OWN_KEY = "a verifier that uses the key a token brings would use another one; jwtctl never does";

const HEADER: ReadonlyMap<string, Significance> = new Map([
  ["alg", verified("a key is pinned to one algorithm: whoever accepts one token refuses the other")],
  ["kid", verified("it names another key, or none: a verifier that has only the other one refuses it")],
  ["typ", verified("a verifier that demands a type accepts only one of them")],
  ["cty", read("what the payload is said to be; verification does not look at it")],
  ["crit", verified("a verifier that does not know what is demanded here must refuse the token")],
  ["b64", verified("the signature covers the payload in another form")],
  ["enc", verified("the content is encrypted in another way")],
  ["zip", verified("the content is compressed, or is not")],
  ...["jku", "jwk", "x5u", "x5c"].map((name) => [name, verified(OWN_KEY)] as const),
  ...["x5t", "x5t#S256"].map(
    (name) => [name, verified("it names another certificate of the signing key")] as const,
  ),
]);

const MAY = "verification does not look at it: it decides what the service lets the holder do";
const WHO = "verification does not look at it: it decides as whom the service takes the holder";

const CLAIMS: ReadonlyMap<string, Significance> = new Map([
  ["iss", verified("a verifier trusts one issuer and compares it character for character")],
  ["aud", verified("a verifier accepts only tokens that name it")],
  ["nonce", verified("the client that asked for the token accepts only its own nonce")],
  ["cnf", verified("another key must be proven to be held by whoever presents the token")],
  ["azp", verified("a client accepts only ID tokens issued to it")],
  ["at_hash", verified("it belongs to another access token")],
  ["sid", read("it belongs to another login; only who looks the login up notices")],
  ["jti", read("it is another token; only who keeps a list of tokens notices")],
  ["sub", read(WHO)],
  ["act", read(WHO)],
  ["client_id", read("another application got the token")],
  ...["scope", "scp", "roles", "groups", "entitlements", "permissions", "authorization_details"].map(
    (name) => [name, read(MAY)] as const,
  ),
  ...["acr", "amr"].map(
    (name) => [name, read("the user logged in in another way; a careful service asks for more")] as const,
  ),
]);

/** @param name of a header member */
export function headerSignificance(name: string): Significance | undefined {
  return HEADER.get(name);
}

/** @param now ms */
export function claimSignificance(
  name: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  now: number,
): Significance | undefined {
  if (name === "exp" || name === "nbf" || name === "iat") return dateSignificance(name, left, right, now);
  const known = CLAIMS.get(name);
  if (known !== undefined) return known;
  return isNumericDateClaim(name) ? read("verification does not look at it") : undefined;
}

/** Whether a verifier accepts a token with this date at `now`; both in seconds. */
const PASSES: Readonly<Record<"exp" | "nbf" | "iat", (date: number, now: number) => boolean>> = {
  exp: (date, now) => now < date,
  nbf: (date, now) => now >= date,
  iat: (date, now) => now >= date,
};
const REFUSED_AS = { exp: "expired", nbf: "not valid yet", iat: "issued in the future" } as const;

function dateSignificance(
  name: "exp" | "nbf" | "iat",
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  now: number,
): Significance {
  const passes = (value: JsonValue | undefined) => {
    const date = numberOf(value);
    return date === undefined ? value === undefined : PASSES[name](date, now / 1000);
  };
  const [first, second] = [passes(left), passes(right)];
  if (first !== second) return verified(`now only the ${first ? "second" : "first"} is ${REFUSED_AS[name]}`);
  if (!first) {
    const why = `both are ${REFUSED_AS[name]} now`;
    // An expired token stays expired; for `nbf` and `iat` the difference may come with time.
    return name === "exp" ? read(why) : verified(why);
  }
  if (name === "exp") return verified(endings(numberOf(left), numberOf(right)));
  return read(name === "iat" ? "issued at another time; both lie in the past" : "both are valid by now");
}

function endings(left: number | undefined, right: number | undefined): string {
  if (left === undefined || right === undefined)
    return `the ${left === undefined ? "first" : "second"} never expires`;
  const span = formatSpan(Math.abs(right - left) * 1000);
  return `neither has expired; the ${right > left ? "second" : "first"} is accepted ${span} longer`;
}
