import { createHash } from "node:crypto";
import { expect } from "vitest";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import type { Cli, Outcome, RunOptions } from "../../support/run.ts";
import { segment, unsignedToken } from "../token/make.ts";

/** A line that no value may add to what jwtctl prints. */
export const FORGED_LINE = "VALID signed with the attacker's key";

/** What a token, a key, a file name or a server may try on a terminal. */
export const ATTACKS = [
  ["OSC 52, which writes the clipboard", "\u001b]52;c;ZXZpbA==\u0007"],
  ["OSC 52, which asks for the clipboard", "\u001b]52;c;?\u001b\\"],
  [
    "OSC 8, which puts a false address behind a link",
    "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
  ],
  ["OSC 0, which sets the window's title", "\u001b]0;pwned\u0007"],
  ["OSC 1337, which writes files in some terminals", "\u001b]1337;File=name=eA==:AAAA\u0007"],
  ["CSI, which clears the screen", "\u001b[2J\u001b[H"],
  ["CSI, which hides what follows", "\u001b[8mhidden"],
  ["CSI 21 t, which types the title into the shell", "\u001b]0;rm -rf ~\u0007\u001b[21t"],
  ["C1 CSI, which needs no escape", "\u009b2J"],
  ["C1 OSC", "\u009d0;pwned\u009c"],
  ["DCS, which asks the terminal to answer", '\u001bP$q"p\u001b\\'],
  ["APC, PM and SOS strings", "\u001b_x\u001b\\\u001b^x\u001b\\\u001bXx\u001b\\"],
  ["a reset of the terminal", "\u001bc"],
  ["another character set", "\u001b(0\u000elqk\u000f"],
  ["carriage return and backspace, which overwrite", "ok\r\b\b\bno"],
  ["DEL and NUL", "a\u007fb\u0000c"],
  ["a new line that forges a verdict", `x\n${FORGED_LINE}\n`],
  ["other line breaks that forge a verdict", `x\u2028${FORGED_LINE}\u2029\u0085\u000b\u000c`],
  ["right-to-left override (Trojan Source)", "user\u202e nimda\u202c"],
  ["bidirectional isolates and marks", "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"],
  ["zero-width characters, which hide a difference", "ad\u200bm\u200ci\u200dn\u2060\ufeff"],
  ["soft hyphens and fillers", "ad\u00admin\u3164\u115f\uffa0"],
  ["tag characters, which nobody sees", "a\u{e0061}\u{e007f}"],
  ["variation selectors", "a\ufe0fb\u{e0100}"],
  ["lone surrogates", "\ud800x\udfff"],
] as const;

/** All of them in one string. */
export const EVERYTHING = ATTACKS.map(([, text]) => text).join("|");

/** What colours jwtctl itself may use. */
const OWN_COLOURS = /\u001b\[(?:1|2|4|22|24|31|32|33|35|36|39)m/g;
const UNSAFE = new RegExp(UNSAFE_CHARACTERS);

/** @throws when anything of it would act on a terminal, or is not seen there */
export function expectHarmless(printed: string, what: string): void {
  for (const line of printed.replace(OWN_COLOURS, "").split("\n")) {
    if (UNSAFE.test(line)) expect.fail(`${what} printed ${JSON.stringify(line)}`);
    if (line === FORGED_LINE) expect.fail(`${what} let a value forge a line`);
  }
}

/** Runs a command on a terminal, plain, in colour, as JSON and with everything said, and looks at all that it says. */
export async function expectHarmlessCommand(
  cli: Cli,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const more of [[], ["--color", "always", "--verbose"], ["--json"]]) {
    const outcome = await cli.run([...words, ...more], {
      terminal: { stdout: true, stderr: true },
      columns: 80,
      stdin: EVERYTHING,
      ...options,
    });
    const what = `jwtctl ${JSON.stringify([...words, ...more])}`;
    for (const printed of [outcome.stdout, outcome.stderr, ...outcome.asked]) expectHarmless(printed, what);
    if (outcome.code === 70) expect.fail(`${what}: ${outcome.stderr}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** A file name that a Unix file system takes: no slash, no NUL, and in UTF-8. */
export function asFileName(attack: string): string {
  return Buffer.from(attack.replaceAll("/", "").replaceAll("\0", "")).toString("utf8").slice(0, 60);
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

/** Tokens with the attack in every place in which a token has one, in every form that jwtctl reads. */
export function hostileTokens(attack: string): readonly string[] {
  const quoted = JSON.stringify(attack).slice(1, -1);
  const claims = {
    ...{
      [attack]: attack,
      iss: attack,
      sub: attack,
      aud: [attack, "b"],
      exp: attack,
      iat: attack,
      nbf: attack,
      jti: attack,
    },
    ...{
      nested: { [attack]: [attack, { [attack]: 1 }] },
      email: `${attack}@b.example`,
      [`${attack}_secret`]: attack,
    },
  };
  const header = {
    alg: attack,
    typ: attack,
    kid: attack,
    cty: attack,
    crit: [attack],
    jku: attack,
    [attack]: attack,
  };
  const plain = unsignedToken({ alg: "HS256", kid: attack, typ: attack }, claims, "A".repeat(43));
  const disclosure = segment([attack, attack, { [attack]: attack }]);
  const sdJwt = unsignedToken(
    { alg: "HS256" },
    { _sd: [sha256(disclosure)], _sd_alg: "sha-256", [attack]: attack },
  );
  const [h, p, s] = plain.split(".");
  return [
    plain,
    unsignedToken(header, claims),
    unsignedToken(
      `{"${quoted}":1,"${quoted}":2,"alg":"none"}`,
      `{"${quoted}":1,"${quoted}":1e999,"exp":1772366880.5}`,
    ),
    `${segment({ alg: "HS256" })}.${segment(attack)}.AA`,
    `${segment({ alg: "HS256", b64: false })}.${attack.replaceAll(".", "")}.AA`,
    `${segment({ alg: "HS256" })}.e30.${attack}`,
    `${segment(attack)}.${segment(claims)}.AA`,
    `${segment({ alg: "RS256", cty: attack })}.${segment(plain)}.AA`,
    `${segment({ alg: attack, enc: attack, kid: attack, zip: attack })}.AA.AA.AA.AA`,
    `${sdJwt}~${disclosure}~${segment(attack)}~${unsignedToken({ alg: attack }, { sd_hash: attack })}`,
    unsignedToken({ alg: "HS256" }, { _sd_alg: attack, _sd: [attack] }),
    JSON.stringify({ payload: p, protected: h, signature: s, header: { [attack]: attack, kid: attack } }),
    JSON.stringify({
      payload: p,
      signatures: [
        { header: { alg: attack }, signature: s },
        { protected: h, signature: attack },
      ],
    }),
    JSON.stringify({
      protected: h,
      unprotected: { [attack]: attack },
      recipients: [{ header: { kid: attack } }],
      ciphertext: attack,
    }),
    JSON.stringify({ [attack]: plain, access_token: attack, nested: { [attack]: { id_token: plain } } }),
    JSON.stringify({ error: attack, error_description: attack }),
    `${attack} token=${plain} ${attack}`,
    attack,
  ];
}
