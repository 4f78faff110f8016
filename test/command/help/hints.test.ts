import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli, words } from "../../support/run.ts";

const PASSPHRASE = "a red kite over the hill";
const answers = [
  ["New passphrase", PASSPHRASE],
  ["Repeat the", PASSPHRASE],
] as const;

/** The command of the hint that begins with `Make one with:`, its file in the test's directory. */
function commandOf(hints: readonly string[], cli: Cli): string[] {
  const [, command = ""] = hints.join("\n").match(/Make one with: jwtctl (.*)/) ?? [];
  const typed = words(command);
  const out = typed.indexOf("--out") + 1;
  return out === 0 ? typed : typed.with(out, cli.path(typed[out] ?? ""));
}

describe("a hint that says how to make one", () => {
  it.each([
    ["HS256", ["--secret", "hex:00"]],
    ["HS384", ["--secret", "hex:00", "--alg", "HS384"]],
    ["HS512", ["--secret", "hex:00", "--alg", "HS512"]],
  ])("is a command that makes what mint then signs with: %s", async (alg, key) => {
    const cli = new Cli();
    const command = commandOf((await cli.refusal(["mint", ...key])).hints, cli);
    await cli.ok(command, { terminal: true, answers });
    const made = command[command.indexOf("--out") + 1] ?? "";
    const passphrase = cli.file("passphrase", PASSPHRASE);
    const minted = await cli.json(["mint", "--key", made, "--key-passphrase-file", passphrase]);
    expect(minted).toMatchObject({ header: { alg } });
  });

  it("is a command that makes what mint then signs with: an RSA key", async () => {
    const cli = new Cli();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const weak = cli.file("weak.pem", privateKey.export({ format: "pem", type: "pkcs8" }));
    const command = commandOf((await cli.refusal(["mint", "--key", weak])).hints, cli);
    await cli.ok(command, { terminal: true, answers });
    const passphrase = cli.file("passphrase", PASSPHRASE);
    const made = command[command.indexOf("--out") + 1] ?? "";
    await cli.ok(["mint", "--key", made, "--key-passphrase-file", passphrase]);
  });

  it("is a command that makes a store where there was none", async () => {
    const cli = new Cli();
    const { hints } = await cli.refusal("keys list");
    await cli.ok(commandOf(hints, cli), { terminal: true, answers });
    expect(await cli.json("keys list")).toHaveLength(2);
  });
});
