import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOmission, type TamperResult } from "../../../src/app/attacks/tamper.ts";
import { ATTACKS } from "../../../src/core/analysis/attacks/attacks.ts";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import { attackListText, attemptsText } from "../../../src/output/attacks/attacks-view.ts";
import { tamperingText } from "../../../src/output/attacks/tamper-view.ts";
import { createStyle, type Style } from "../../../src/output/style.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import { withoutColour } from "../../support/without-colour.ts";
import { unsignedToken } from "../token/make.ts";
import { ADMIN, type Honest, type Plan, tamperWith } from "./honest.ts";

const example = rfc7515.examples.find(({ section }) => section === "A.3");
const { kty = "", crv = "", x = "", y = "" } = example?.key ?? {};
/** The ES256 token of RFC 7515 A.3, which expired in 2011. */
const RFC: Honest = {
  token: example?.compact ?? "",
  key: { kty },
  publicKey: undefined,
  candidates: [{ jwk: { kty, crv, x, y }, source: "key.pem", bits: undefined }],
};
const NEEDED = "there is no store, and no key was given";

function oneText({ original, tamperings }: TamperResult, style: Style): string {
  const [first] = tamperings;
  return first === undefined || isOmission(first) ? "" : tamperingText(first, original, NEEDED, style);
}

async function everyView(style: Style): Promise<string> {
  const one = async (plan: Plan) => oneText(await tamperWith(RFC, { expected: false, ...plan }), style);
  const publicKey = new TextEncoder().encode("a public key");
  const all = await tamperWith(RFC, { expected: false, publicKey });
  const unverified = await tamperWith(RFC, { unverified: true });
  const careless = { ...RFC, candidates: [{ jwk: { kty: "oct", k: "" }, source: "an empty file", bits: 0 }] };
  const accepted = await tamperWith(careless, {});
  return [
    await one({ attack: "edit", claims: [ADMIN, { kind: "remove", name: "iss" }] }),
    await one({ attack: "hs-rs", claims: [ADMIN], publicKey }),
    await one({ attack: "none", unverified: true }),
    oneText(await tamperWith(careless, { attack: "blank-secret" }), style),
    attemptsText(all.tamperings, all.original, NEEDED, style),
    attemptsText(unverified.tamperings, unverified.original, NEEDED, style),
    attemptsText(accepted.tamperings, accepted.original, NEEDED, style),
    attackListText(ATTACKS, style),
  ].join(`${"=".repeat(20)}\n`);
}

describe("what tamper says", () => {
  it.each([60, 80, 120])("fits %i columns", async (columns) => {
    const text = await everyView(createStyle({ color: false, isTerminal: true, columns }));
    await expect(text).toMatchFileSnapshot(`golden/tamper-${columns}.txt`);
    for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(columns);
  });

  it("has its colours", async () => {
    const text = await everyView(createStyle({ color: true, isTerminal: true, columns: 80 }));
    await expect(text).toMatchFileSnapshot("golden/tamper-80-colour.txt");
  });

  it.each([60, 80, 120])("differs by nothing but the colours at %i columns", async (columns) => {
    const [plain, coloured] = [false, true].map((color) =>
      everyView(createStyle({ color, isTerminal: true, columns })),
    );
    expect(withoutColour((await coloured) ?? "")).toBe(withoutColour((await plain) ?? ""));
  });

  it("is not cut in a pipe", async () => {
    const text = await everyView(createStyle({ color: false, isTerminal: false, columns: undefined }));
    expect(text).not.toContain("…");
  });
});

describe("an OSC, CSI or bidi attack inside the token", () => {
  const unsafe = new RegExp(UNSAFE_CHARACTERS);
  const style = createStyle({ color: false, isTerminal: true, columns: 80 });

  it.each([
    ["OSC 52 (clipboard)", "\u001b]52;c;ZXZpbA==\u0007"],
    ["OSC 8 (link)", "\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007"],
    ["OSC 0 (title)", "\u001b]0;owned\u0007"],
    ["CSI (clear screen)", "\u001b[2J\u009b2J"],
    ["bidi override", "\u202etxt.exe"],
  ])("%s reaches the terminal only as an escape", async (_, payload) => {
    const token = unsignedToken({ alg: "ES256", kid: payload }, { [payload]: payload, role: payload });
    const result = await tamperWith({ ...RFC, token }, {});
    const edit = { kind: "set", name: payload, value: "x" } as const;
    const one = await tamperWith({ ...RFC, token }, { attack: "edit", claims: [edit] });
    const text = attemptsText(result.tamperings, result.original, NEEDED, style) + oneText(one, style);
    for (const line of text.split("\n")) expect(line).not.toMatch(unsafe);
  });

  it("nor does anything else that acts or hides", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
        const token = unsignedToken({ alg: "ES256", kid: text }, { [text]: text, role: text });
        const edit = { kind: "set", name: text, value: `${text}!` } as const;
        const header = { kind: "set", name: text, value: text } as const;
        const result = await tamperWith(
          { ...RFC, token },
          { attack: "edit", claims: [edit], header: [header] },
        );
        for (const line of oneText(result, style).split("\n")) expect(line).not.toMatch(unsafe);
      }),
      { numRuns: 300 },
    );
  });
});
