import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { keyIn, keysOf, PASSPHRASE, plainStore, sealedStore, signSomething, UNLOCKED } from "./support.ts";

const NEW = "a young beech on the hill";
const newly = (cli: Cli) => ["keys", "passphrase", "--new-passphrase-file", cli.file("new", `${NEW}\n`)];
const under = (passphrase: string) => ({ env: { JWTCTL_PASSPHRASE: passphrase } });

async function opensUnder(cli: Cli, passphrase: string | undefined): Promise<boolean> {
  const { kid } = await keyIn(cli, "standby");
  const words = ["keys", "export", kid, "--private", "--no-passphrase"];
  const { code } = await cli.run(words, passphrase === undefined ? {} : under(passphrase));
  return code === 0;
}

function storeBytes(cli: Cli): string {
  return ["", "-wal"]
    .map((end) => {
      try {
        return readFileSync(cli.path(`data/jwtctl.db${end}`), "latin1");
      } catch {
        return "";
      }
    })
    .join("");
}

describe("keys passphrase", () => {
  it("sets one: every private half is sealed, and none is left in the file in the clear", async () => {
    const cli = await plainStore();
    await cli.ok("keys rotate --keep-private");
    const secrets: string[] = [];
    for (const { kid, has_private } of await keysOf(cli)) {
      if (!has_private) continue;
      const words = ["keys", "export", kid, "--private", "--no-passphrase", "--format", "jwk"];
      secrets.push((JSON.parse(await cli.ok(words)) as { d: string }).d);
    }
    expect(secrets).toHaveLength(3);
    for (const secret of secrets) expect(storeBytes(cli)).toContain(secret);
    expect(await cli.json(newly(cli))).toEqual({
      dry_run: false,
      changed: true,
      encryption_before: "none",
      encryption: "passphrase",
      keys: 3,
    });
    expect(await opensUnder(cli, NEW)).toBe(true);
    expect(await opensUnder(cli, undefined)).toBe(false);
    for (const secret of secrets) expect(storeBytes(cli)).not.toContain(secret);
  });

  it("changes it: the old one opens nothing any more", async () => {
    const cli = await sealedStore();
    expect(await cli.json(newly(cli), UNLOCKED)).toMatchObject({ changed: true, keys: 2 });
    expect(await opensUnder(cli, NEW)).toBe(true);
    expect(await opensUnder(cli, PASSPHRASE)).toBe(false);
    await signSomething(cli, under(NEW));
  });

  it("removes it when told to, explicitly", async () => {
    const cli = await sealedStore();
    expect(await cli.json("keys passphrase --remove", UNLOCKED)).toMatchObject({ encryption: "none" });
    expect(await opensUnder(cli, undefined)).toBe(true);
    expect(await cli.json("keys passphrase --remove")).toMatchObject({ changed: false, encryption: "none" });
  });

  it("a wrong passphrase leaves the store unchanged", async () => {
    const cli = await sealedStore();
    const before = storeBytes(cli);
    const refused = { exit: 6, code: "passphrase_wrong", stdout: "" };
    expect(await cli.refusal(newly(cli), under("an old elm"))).toMatchObject(refused);
    expect(await cli.refusal("keys passphrase --remove", under("an old elm"))).toMatchObject(refused);
    expect(await cli.refusal("keys generate", under("an old elm"))).toMatchObject(refused);
    expect(await cli.refusal("keys rotate", under("an old elm"))).toMatchObject(refused);
    expect(storeBytes(cli)).toBe(before);
    expect(await opensUnder(cli, PASSPHRASE)).toBe(true);
  });

  it("a new one that is typed differently twice changes nothing", async () => {
    const cli = await plainStore();
    const { code } = await cli.run("keys passphrase", {
      terminal: true,
      answers: [
        ["New passphrase for the private keys", "one"],
        ["Repeat the", "two"],
      ],
    });
    expect(code).toBe(2);
    expect(await opensUnder(cli, undefined)).toBe(true);
  });

  it.each([
    ["init", "init", "one", true],
    ["keys passphrase", "keys passphrase", "eleven char", true],
    ["a key file", "keys generate --no-store --out k.pem", "one", true],
    ["init", "init", "twelve chars", false],
    ["keys passphrase", "keys passphrase", "зимние птицы", false],
    ["keys passphrase", "keys passphrase", "🦉🦉🦉🦉🦉🦉", true],
  ])("%s takes a very short one and warns of it (%s: %s)", async (_, words, passphrase, warned) => {
    const cli = words === "init" ? new Cli() : await plainStore();
    const { code, stderr } = await cli.run(words.replace("k.pem", cli.path("k.pem")), under(passphrase));
    expect(code).toBe(0);
    expect(stderr.startsWith("warning: the passphrase has fewer than 12 characters")).toBe(warned);
    expect(stderr).not.toContain(passphrase);
  });

  it("the warning of a short one is for stderr alone, a document with --json, and silent with --quiet", async () => {
    const cli = await plainStore();
    const json = await cli.run(["keys", "passphrase", "--json"], under("one"));
    expect(JSON.parse(json.stderr).warning.message).toContain("fewer than 12 characters");
    expect(JSON.parse(json.stdout)).toMatchObject({ changed: true });
    const quiet = await cli.run(
      ["keys", "passphrase", "--quiet", "--new-passphrase-file", cli.file("n", "two\n")],
      under("one"),
    );
    expect([quiet.code, quiet.stderr]).toEqual([0, ""]);
  });

  it("without anybody to ask it names the flags", async () => {
    const cli = await plainStore();
    const refusal = await cli.refusal("keys passphrase");
    expect(refusal).toMatchObject({ exit: 2, code: "input_required" });
    expect(refusal.hints[0]).toContain("--new-passphrase-file FILE");
    const contradiction = [...newly(cli), "--remove"];
    expect(await cli.refusal(contradiction)).toMatchObject({ exit: 2, code: "usage" });
  });

  it("a dry run checks the passphrase and changes nothing", async () => {
    const cli = await sealedStore();
    const before = storeBytes(cli);
    expect(await cli.refusal("keys passphrase --dry-run", under("an old elm"))).toMatchObject({ exit: 6 });
    expect(await cli.json("keys passphrase --dry-run", UNLOCKED)).toMatchObject({
      dry_run: true,
      changed: true,
    });
    expect(storeBytes(cli)).toBe(before);
  });
});
