import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli, Story } from "../../support/run.ts";
import { jwkOf, keyIn, PASSWORD, plainStore } from "./support.ts";

const person = { terminal: true, columns: 120, env: { NO_COLOR: "1" } };

describe("the keys commands tell a person", () => {
  it("the life of a key", async () => {
    const cli = await plainStore();
    const story = new Story(cli);
    const tell = async (command: string) => story.tell(command, person);
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    await cli.ok("login alice --password-stdin --json", { stdin: PASSWORD });
    await tell("keys list");
    cli.clock.advance(40 * 86_400);
    await cli.ok("login alice --password-stdin --json", { stdin: PASSWORD });
    await tell("keys rotate --if-older-than 60d");
    await tell("keys rotate --if-older-than 30d --dry-run");
    await tell("keys rotate --if-older-than 30d --keep-private");
    cli.clock.advance(60);
    await tell("keys list");
    await tell(`keys show ${(await keyIn(cli, "retiring")).kid}`);
    await tell(`keys activate ${(await keyIn(cli, "retiring")).kid}`);
    await tell(`keys activate ${(await keyIn(cli, "active")).kid}`);
    await tell("keys generate");
    await tell("keys generate --activate --alg EdDSA");
    const [first, second] = (await cli.json<{ kid: string; state: string }[]>("keys list")).filter(
      ({ state }) => state === "standby",
    );
    await tell(`keys retire ${second?.kid}`);
    await tell(`keys retire ${second?.kid}`);
    await tell(`keys retire ${first?.kid}`);
    await tell(`keys retire ${(await keyIn(cli, "active")).kid}`);
    await tell(`keys delete ${second?.kid}`);
    await tell(`keys delete ${first?.kid}`);
    await tell(`keys delete ${first?.kid} --force --dry-run`);
    await tell("keys show nobody");
    await expect(story.toString()).toMatchFileSnapshot("golden/life.txt");
  });

  it("a compromise", async () => {
    const cli = await plainStore();
    const story = new Story(cli);
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    await cli.ok("login alice --password-stdin --json", { stdin: PASSWORD });
    const { kid } = await keyIn(cli, "active");
    await story.tell(`keys revoke ${kid} --with-sessions --dry-run`, person);
    await story.tell(`keys revoke ${kid} --with-sessions`, {
      ...person,
      answers: [["Revoke every login of this store", false]],
    });
    await story.tell(`keys revoke ${kid} --with-sessions`, {
      ...person,
      answers: [["Revoke every login of this store", true]],
    });
    await story.tell(`keys revoke ${kid}`, person);
    await story.tell("keys list", person);
    await story.tell(`keys delete ${kid}`, person);
    cli.clock.advance(86_400);
    await story.tell(`keys delete ${kid}`, person);
    await expect(story.toString()).toMatchFileSnapshot("golden/compromise.txt");
  });

  it("import and thumbprint", async () => {
    const cli = await plainStore();
    const story = new Story(cli);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    cli.file("rsa.jwk", jwkOf(rsa.privateKey));
    cli.file("old.pub.jwk", jwkOf(rsa.publicKey, { kid: "2024-01" }));
    await story.tell(`keys import ${cli.path("old.pub.jwk")} --as active`, person);
    await story.tell(`keys import ${cli.path("old.pub.jwk")} --until +30d`, person);
    await story.tell(`keys import ${cli.path("old.pub.jwk")}`, person);
    await story.tell("keys show 2024-01", person);
    await story.tell(`keys import ${cli.path("rsa.jwk")}`, person);
    await story.tell(`keys thumbprint ${cli.path("rsa.jwk")} --uri`, person);
    await story.tell("keys list", person);
    const text = story.toString().replace(/"n": "[\w-]+"/, '"n": "<modulus>"');
    await expect(text).toMatchFileSnapshot("golden/import.txt");
  });

  it("files, the passphrase and lint", async () => {
    const cli = await plainStore();
    const story = new Story(cli);
    const out = cli.path("service.pem");
    const typed = (question: string, answer: string) =>
      [
        [question, answer],
        ["Repeat the", answer],
      ] as const;
    const answers = typed("New passphrase for the key file", "a red kite");
    await story.tell(`keys generate --no-store --out ${out}`, { ...person, answers });
    await story.tell(`keys generate --no-store --out ${out}`, person);
    await story.tell(`keys lint ${out}`, person);
    await story.tell(`keys lint ${out}.pub`, person);
    await story.tell(`keys jwks --out ${cli.path("jwks.json")}`, person);
    await story.tell(`keys jwks --out ${cli.path("jwks.json")}`, person);
    await story.tell(`keys lint ${cli.path("jwks.json")}`, person);
    await story.tell("keys passphrase", {
      ...person,
      answers: typed("New passphrase for the private keys", "an old oak"),
    });
    await story.tell("keys generate", { ...person, answers: [["Passphrase of the store", "an old elm"]] });
    await story.tell("keys passphrase --remove", {
      ...person,
      answers: [["Passphrase of the store", "an old oak"]],
    });
    await story.tell("keys passphrase --remove", person);
    await expect(story.toString()).toMatchFileSnapshot("golden/files.txt");
  });

  it.each([60, 80, 120])("lists fit a terminal of %i columns", async (columns) => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("keys rotate --keep-private");
    cli.clock.advance(100_000);
    const list = await cli.ok("keys list", { ...person, columns });
    for (const line of list.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    expect(list).toContain("STANDING");
  });

  it("says the same with colour as without", async () => {
    const cli = await plainStore();
    const plain = await cli.ok("keys list");
    const coloured = await cli.ok("keys list --color always");
    expect(coloured).toContain("\u001b[32mactive");
    const bare = coloured.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "");
    expect(bare).toBe(plain);
  });
});
