import { describe, expect, it } from "vitest";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import providers from "../../fixtures/tokens/providers.json" with { type: "json" };
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { Cli } from "../../support/run.ts";
import { segment, unsignedToken } from "../../unit/token/make.ts";
import { ecKey, rsaKey, signed } from "../../unit/token/node-jws.ts";
import { Session } from "./session.ts";

const SIZES = [
  [60, "plain", { NO_COLOR: "1" }],
  [80, "plain", { NO_COLOR: "1" }],
  [80, "colour", { FORCE_COLOR: "1" }],
  [120, "plain", { NO_COLOR: "1" }],
] as const;

/** The same token in every run: the signature is as long as its algorithm's, and nobody's. */
function sample(header: { readonly alg: string }, claims: object): string {
  const bytes = ALGORITHM_TRAITS[header.alg as JwsAlgorithm].signatureBytes ?? 256;
  return unsignedToken(header, claims, segment(new Uint8Array(bytes).fill(0xa5)));
}

const inner = sample({ alg: "HS256" }, { iss: "joe", exp: 1772366880, iat: 1772365980, password: "x" });
const SPECIAL = [
  ["an encrypted token", rfc7520["5.3"].jwe],
  [
    "a signed token inside a signed token",
    unsignedToken({ alg: "RS256", cty: "JWT" }, inner, "A".repeat(342)),
  ],
  ["an SD-JWT with its holder's proof", sdJwt.presented],
  ["a general JSON form", JSON.stringify(rfc7515.json[0]?.json)],
  [
    "a binary payload",
    `${segment({ alg: "HS256" })}.${segment(Uint8Array.from({ length: 200 }, (_, index) => 255 - index))}.${"A".repeat(43)}`,
  ],
] as const;

describe("jwtctl decode on published tokens", () => {
  it.each(SIZES)(
    "shows tokens in the shapes of nine issuers on a terminal of %i columns, %s",
    async (columns, name, env) => {
      const cli = new Cli();
      let text = "";
      for (const { name: issuer, kind, header, claims } of providers) {
        const shown = await cli.ok(["decode", sample(header, claims)], {
          terminal: true,
          columns,
          env,
          utcOffset: 120,
        });
        text += `### ${issuer}, ${kind}\n${shown}\n`;
      }
      await expect(text).toMatchFileSnapshot(`golden/issuers-${columns}-${name}.txt`);
    },
  );

  it.each(SIZES)(
    "shows tokens that are more than three parts on a terminal of %i columns, %s",
    async (columns, name, env) => {
      const cli = new Cli();
      let text = "";
      for (const [title, token] of SPECIAL) {
        text += `### ${title}\n${await cli.ok(["decode", token], { terminal: true, columns, env })}\n`;
      }
      await expect(text).toMatchFileSnapshot(`golden/special-${columns}-${name}.txt`);
    },
  );

  it.each(providers.map(({ name, header, claims }) => [name, header, claims] as const))(
    "reads and verifies one of %s, signed with a key made for it",
    async (_, header, claims) => {
      const cli = new Cli();
      const alg = header.alg as JwsAlgorithm;
      const key = alg === "ES256" ? ecKey({ kid: header.kid, alg }) : rsaKey({ kid: header.kid, alg });
      const { d, p, q, dp, dq, qi, ...publicKey } = key;
      const token = await signed(header, claims, key, alg);
      expect(await cli.json(["decode", token])).toMatchObject({ header, payload: claims, encrypted: false });
      const file = cli.file("key.json", JSON.stringify(publicKey));
      const at = String(claims.iat + 1);
      const report = await cli.json(["verify", token, "--key", file, "--at", at, "--iss", claims.iss]);
      expect(report).toMatchObject({ valid: true });
    },
  );

  it("reads every JWS example of RFC 7515, compact and as JSON", async () => {
    const story = new Session();
    for (const { compact } of rfc7515.examples) await story.tell(["decode", compact, "--utc"]);
    for (const { json } of rfc7515.json) await story.tell(["decode", JSON.stringify(json), "--utc"]);
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-rfc7515.txt");
  });

  it("reads every JWS example of RFC 7520, compact and as JSON", async () => {
    const story = new Session();
    for (const { compact } of rfc7520.signatures) await story.tell(["decode", compact]);
    await story.tell(["decode", rfc7520["4.5"].compact]);
    for (const { section, json } of rfc7520.json) {
      if (section > "4.4") await story.tell(["decode", JSON.stringify(json)]);
    }
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-rfc7520.txt");
  });

  it("reads the JSON form of each compact example of RFC 7520 as the same token", async () => {
    const cli = new Cli();
    for (const { section, json } of rfc7520.json.filter((example) => example.section <= "4.4")) {
      const { compact = "" } = rfc7520.signatures.find((example) => example.section === section) ?? {};
      const asJson = await cli.json<Record<string, unknown>>(["decode", JSON.stringify(json)]);
      const asCompact = await cli.json<Record<string, unknown>>(["decode", compact]);
      for (const name of ["header", "payload", "payload_text", "signature"])
        expect(asJson[name]).toEqual(asCompact[name]);
    }
  });

  it("explains what is special about each of them", async () => {
    const cli = new Cli();
    let text = "";
    for (const [title, token] of SPECIAL) {
      text += `### ${title}\n${(await cli.ok(["decode", token, "--explain"])).replace(/^[\s\S]*?(?=WHAT THE)/, "")}\n`;
    }
    await expect(text).toMatchFileSnapshot("golden/special-explain.txt");
  });

  it("has the documented JSON shapes for what is special", async () => {
    const cli = new Cli();
    const json = async (token: string) => cli.json<Record<string, unknown>>(["decode", token]);
    expect(await json(sdJwt.presented)).toMatchObject({
      sd_jwt: {
        ...{ hash: "sha-256", hidden: 7, claims: { is_over_65: true } },
        disclosures: [{ where: "/is_over_65", name: "is_over_65", value: true }, { where: "/address" }],
        key_binding: { sd_hash_fits: true, header: { typ: "kb+jwt" }, verified: null },
      },
    });
    expect(await json(rfc7520["5.3"].jwe)).toMatchObject({
      encrypted: true,
      parts: [
        { name: "header" },
        { name: "encrypted_key", bytes: 40 },
        { name: "iv" },
        { name: "ciphertext" },
        { name: "tag" },
      ],
    });
    expect(await json(JSON.stringify(rfc7515.json[0]?.json))).toMatchObject({
      serialization: "general",
      signatures: [
        { header: { alg: "RS256" }, unprotected_header: { kid: "2010-12-29" } },
        { header: { alg: "ES256" }, unprotected_header: { kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" } },
      ],
    });
    expect(await json(unsignedToken({ alg: "RS256", cty: "JWT" }, inner))).toMatchObject({
      payload: null,
      nested: { payload: { iss: "joe" }, warnings: [{ code: "secret_readable" }] },
    });
  });
});
