import fc from "fast-check";
import { describe, it } from "vitest";
import { reviewTokens } from "../../../src/app/lint/review-tokens.ts";
import { trustingGiven, verifyToken } from "../../../src/app/token/verify-token.ts";
import { AppError } from "../../../src/core/errors.ts";
import { errorText } from "../../../src/output/error-view.ts";
import { reviewsText } from "../../../src/output/lint/lint-view.ts";
import { createStyle } from "../../../src/output/style.ts";
import { decodeText } from "../../../src/output/token/decode-view.ts";
import { explainText } from "../../../src/output/token/explain-view.ts";
import { fullJson } from "../../../src/output/token/special-json.ts";
import { SPECIAL } from "../../../src/output/token/special-view.ts";
import { verifyText } from "../../../src/output/token/verify-view.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { hostileTokens } from "../output/terminal-safety.ts";
import { segment, unsignedToken } from "./make.ts";
import { candidate, nodeJws, secretKey } from "./node-jws.ts";
import { unfolded } from "./unfolded.ts";

const RUNS = 100_000;
const time = { now: Date.UTC(2026, 2, 1), utcOffset: () => 0 };
const style = createStyle({ color: true, isTerminal: true, columns: 80 });
const trust = trustingGiven([candidate(secretKey("s".repeat(32)))]);
const options = {
  time,
  leeway: 0,
  algorithms: [],
  types: [],
  tryAll: true,
  issuers: ["i"],
  audiences: ["a"],
  require: ["x"],
};
const lintOptions = {
  now: time.now,
  maxLifetime: 86_400,
  demandAccessToken: true,
  ignore: new Set<string>(),
};

/** A refusal is an answer, and is shown; anything else that is thrown is a bug. */
async function answered(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "internal") throw error;
    errorText(error, style);
  }
}

/** What `decode`, `verify` and `lint` do with a text, in full. */
async function readEveryWay(text: string): Promise<void> {
  await answered(() => {
    const shown = unfolded(text, time.now);
    decodeText(shown, time, style, { special: SPECIAL, explanation: explainText(shown, style) });
    fullJson(shown);
  });
  await answered(async () =>
    verifyText(await verifyToken({ text, options }, { trust, jws: nodeJws }), style),
  );
  await answered(async () => {
    const review = await reviewTokens(
      { inputs: [{ source: null, text }], options: lintOptions, failOn: "error", secret: undefined },
      { jws: async () => nodeJws },
    );
    reviewsText(review, 1, style);
  });
}

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

describe("random bytes, truncated and mutated tokens", () => {
  // A hang is what the time limit of the test is for.
  it(`never crash or hang decode, verify and lint (${RUNS} texts)`, async () => {
    const text = fc.oneof(bytes, truncated, mutated, made, segments, joined);
    await fc.assert(fc.asyncProperty(text, readEveryWay), { numRuns: RUNS });
  }, 900_000);
});
