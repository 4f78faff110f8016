import fc from "fast-check";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { hostileTokens } from "../output/terminal-safety.ts";
import { segment, unsignedToken } from "./make.ts";

const SEEDS = [
  ...[jwtIo.new.token, jwtIo.old.token, sdJwt.presented, rfc7520["5.3"].jwe],
  ...rfc7515.examples.map(({ compact }) => compact),
  ...[...rfc7515.json, ...rfc7520.json].map(({ json }) => JSON.stringify(json)),
  ...hostileTokens("\u001b]0;x\u0007"),
  JSON.stringify({ access_token: jwtIo.new.token, nested: JSON.stringify({ id_token: jwtIo.old.token }) }),
];

const seed = fc.constantFrom(...SEEDS);
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString("latin1"));
const truncated = fc.tuple(seed, fc.nat(2000)).map(([text, length]) => text.slice(0, length));
const mutated = fc
  .tuple(
    seed,
    fc.array(fc.tuple(fc.nat(2000), fc.nat(3), fc.string({ unit: "binary", maxLength: 3 })), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, changes]) =>
    changes.reduce((changed, [at, removed, added]) => {
      const index = at % (changed.length + 1);
      return changed.slice(0, index) + added + changed.slice(index + removed);
    }, text),
  );
const claims = fc.dictionary(
  fc.oneof(
    fc.constantFrom("exp", "iat", "nbf", "aud", "iss", "sub", "_sd", "_sd_alg", "...", "events", "cnf"),
    fc.string({ maxLength: 4 }),
  ),
  fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double(), fc.constantFrom("1e999", "-0", "9".repeat(30))),
  { maxKeys: 4 },
);
const header = fc.dictionary(
  fc.constantFrom("alg", "typ", "kid", "cty", "crit", "zip", "enc", "b64", "jwk", "jku", "x5c"),
  fc.oneof(
    fc.constantFrom("HS256", "none", "JWT", "DEF", "dir", false, null, "at+jwt"),
    fc.jsonValue({ maxDepth: 1 }),
  ),
  { maxKeys: 4 },
);
const made = fc
  .tuple(header, claims, fc.constantFrom("", "AA", "A".repeat(43), "=", "..", "~", "~WyJhIl0~"))
  .map(([head, payload, end]) => unsignedToken(head, payload, end));
const segments = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((array) => segment(array)),
      fc.string({ maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join("."));
const joined = fc
  .tuple(
    fc.oneof(made, truncated, bytes),
    fc.constantFrom("\n", " ", "&", "~", "\\\n", "%22", '"', "."),
    fc.oneof(made, segments),
  )
  .map((parts) => parts.join(""));

/** What came from a token once. */
export const damagedTexts = fc.oneof(bytes, truncated, mutated);
/** What is put together from the parts of tokens. */
export const madeTexts = fc.oneof(made, segments, joined);
