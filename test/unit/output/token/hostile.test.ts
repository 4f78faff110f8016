import fc from "fast-check";
import stringWidth from "fast-string-width";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../../src/core/base/errors.ts";
import { verifyCompact } from "../../../../src/core/jose/verification/verify.ts";
import { errorText } from "../../../../src/output/error-view.ts";
import { jsonDocument } from "../../../../src/output/json.ts";
import { createStyle } from "../../../../src/output/style.ts";
import { decodeText } from "../../../../src/output/token/decode-view.ts";
import { explainText } from "../../../../src/output/token/explain-view.ts";
import { fullJson } from "../../../../src/output/token/special-json.ts";
import { SPECIAL } from "../../../../src/output/token/special-view.ts";
import { verifyJson, verifyText } from "../../../../src/output/token/verify/verify-view.ts";
import { unfolded } from "../../token/decoded.ts";
import { segment, unsignedToken } from "../../token/make.ts";
import { candidate, nodeJws, secretKey } from "../../token/node-jws.ts";

/** What no token may get onto a terminal; line breaks are jwtctl's own. */
const ACTS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;

const time = { now: Date.UTC(2026, 2, 1), utcOffset: () => 0 };
const styles = [undefined, 30, 80].map((columns) =>
  createStyle({ color: false, isTerminal: columns !== undefined, columns }),
);
const key = candidate(secretKey("s\u001b]0;x\u0007", { kid: "k\u202e" }), { source: "file \u001b[31m" });

/** Everything that is printed about a token, whatever the command makes of it. */
async function everything(text: string): Promise<string[]> {
  try {
    const decoded = unfolded(text, time.now);
    const expected = {
      issuers: ["\u009b31m"],
      audiences: ["\u0007"],
      types: ["\u202e"],
      require: ["\u001b"],
    };
    const options = { time, leeway: 0, algorithms: [], tryAll: true, ...expected };
    const report = await verifyCompact(decoded.token.text, [key], options, nodeJws);
    return [
      ...styles.flatMap((style) => [
        decodeText(decoded, time, style, { special: SPECIAL, explanation: explainText(decoded, style) }),
        decodeText(decoded, time, style),
        verifyText(report, style),
      ]),
      jsonDocument(fullJson(decoded)),
      jsonDocument(verifyJson(report)),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return styles.map((style) => errorText(error, style));
  }
}

async function expectHarmless(text: string): Promise<void> {
  for (const printed of await everything(text)) expect(printed).not.toMatch(ACTS);
}

const ATTACKS = [
  ["OSC 52, writing the clipboard", "\u001b]52;c;ZXZpbA==\u0007"],
  ["OSC 8, a false link", "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\"],
  ["OSC 0, the window's title", "\u001b]0;pwned\u0007"],
  ["CSI, clearing the screen", "\u001b[2J\u001b[H"],
  ["C1 CSI without ESC", "\u009b2J"],
  ["DCS, asking the terminal to answer", '\u001bP$q"p\u001b\\'],
  ["carriage return and backspace, overwriting", "ok\r\b\b\bno"],
  ["a new line that forges a verdict", "x\nVALID signed with me"],
  ["right-to-left override (Trojan Source)", "user\u202e nimda"],
  ["isolates", "\u2066\u2069"],
  ["zero-width characters that hide a difference", "ad\u200bmin"],
  ["tag characters", "a\u{e0061}\u{e007f}"],
  ["a lone surrogate", "\ud800"],
] as const;

describe("what is printed about a token", () => {
  it.each(ATTACKS)("does not let %s through, wherever it stands", async (_, attack) => {
    const everywhere = {
      [attack]: attack,
      sub: attack,
      iss: attack,
      aud: [attack],
      exp: attack,
      nested: { [attack]: [attack] },
    };
    const header = { alg: attack, typ: attack, kid: attack, crit: [attack], [attack]: attack };
    await expectHarmless(unsignedToken(header, everywhere));
    await expectHarmless(unsignedToken({ alg: "HS256", kid: attack }, everywhere));
    await expectHarmless(`${segment({ alg: "HS256" })}.${segment(attack)}.AA`);
    await expectHarmless(`${segment({ alg: "HS256", b64: false })}.${attack.replaceAll(".", "")}.AA`);
    await expectHarmless(`${segment({ alg: "HS256" })}.e30.${attack}`);
    await expectHarmless(`${segment(attack)}.e30.AA`);
    await expectHarmless(
      `${segment(`{"${JSON.stringify(attack).slice(1, -1)}":1,"${JSON.stringify(attack).slice(1, -1)}":2}`)}.e30.AA`,
    );
    await expectHarmless(attack);
    await expectHarmless(
      JSON.stringify({ [attack]: unsignedToken({ alg: attack }, {}), access_token: attack }),
    );
  });

  it("keeps the lines that jwtctl makes: a value cannot add one", async () => {
    const forged = unsignedToken({ alg: "HS256" }, { sub: "x\n\nVALID\n" });
    for (const printed of await everything(forged)) expect(printed.split("\n")).not.toContain("VALID");
  });

  it("holds for random text in every place", async () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 3 }),
          fc.constantFrom(...ATTACKS.map(([, text]) => text)),
        ),
        {
          maxLength: 4,
        },
      )
      .map((parts) => parts.join(""));
    const value = fc.oneof(
      nasty,
      fc.array(nasty, { maxLength: 2 }),
      fc.dictionary(nasty, nasty, { maxKeys: 2 }),
    );
    const names = fc.oneof(
      nasty,
      fc.constantFrom("alg", "kid", "typ", "crit", "exp", "iss", "aud", "nbf", "jku", "b64"),
    );
    const object = fc.dictionary(names, value, { maxKeys: 5 });
    const token = fc.oneof(
      fc.tuple(object, object).map(([header, claims]) => unsignedToken(header, claims)),
      fc
        .tuple(nasty, nasty, nasty)
        .map(([header, payload, signature]) => `${segment(header)}.${segment(payload)}.${signature}`),
      nasty,
    );
    await fc.assert(fc.asyncProperty(token, expectHarmless), { numRuns: 500 });
  });
});

describe("lines on a terminal", () => {
  it("are no wider than it, but for JSON, which is not broken", async () => {
    const style = createStyle({ color: false, isTerminal: true, columns: 60 });
    const claims = { exp: time.now / 1000 + 5, iss: "i".repeat(300), aud: "漢字".repeat(40) };
    const text = unsignedToken({ alg: "HS256" }, claims);
    const options = { time, leeway: 0, algorithms: [], tryAll: false, types: [], require: [] };
    const report = await verifyCompact(
      text,
      [key],
      { ...options, issuers: ["x"], audiences: ["y"] },
      nodeJws,
    );
    const wide = verifyText(report, style)
      .split("\n")
      .filter((line) => stringWidth(line) > 60);
    expect(wide).toEqual([]);
    const decoded = decodeText(unfolded(text, time.now), time, style);
    expect(decoded.split("\n").filter((line) => stringWidth(line) > 60 && !line.startsWith('  "'))).toEqual(
      [],
    );
  });
});
