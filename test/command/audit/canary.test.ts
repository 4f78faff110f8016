import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "canary-password kettle orbit";
const WRONG = "canary-wrong plum kettle";
const MISPLACED = "canary-misplaced hedge lantern";
const PASSPHRASE = "canary-passphrase meadow";
const CLAIM = "canary-claim@example.com";

it("planted secrets are in no log, export, check-up or report of a backup", {
  timeout: 120_000,
}, async () => {
  const cli = new Cli();
  cli.env["JWTCTL_PASSPHRASE"] = PASSPHRASE;
  await cli.ok("init");
  await cli.ok(`users add alice --claim email=${CLAIM} --password-stdin`, { stdin: PASSWORD });
  for (let time = 0; time < 7; time++) await cli.run("login alice --password-stdin", { stdin: WRONG });
  await cli.run(["login", MISPLACED, "--password-stdin"], { stdin: WRONG });
  await cli.ok("users unlock alice");
  const login = await cli.json<{ refresh_token: string }>("login alice --password-stdin", {
    stdin: PASSWORD,
  });
  const next = await cli.json<{ refresh_token: string }>("refresh -", { stdin: login.refresh_token });
  cli.clock.advance(60);
  await cli.run("refresh -", { stdin: login.refresh_token });
  await cli.ok("users passwd alice --password-stdin", { stdin: `${PASSWORD} again` });
  await cli.ok("mint --sub alice");
  await cli.ok("keys rotate");

  const said = [
    await cli.ok("audit --all"),
    await cli.ok("audit --all --json"),
    await cli.ok("audit export -"),
    await cli.ok("audit verify --json"),
    await cli.ok("doctor --full --json"),
    await cli.ok("doctor --fix --verbose"),
    await cli.ok(["backup", cli.path("backup.db"), "--json"]),
    await cli.ok(["restore", cli.path("backup.db"), "--yes", "--verbose"]),
  ].join("\n");
  expect(said).toContain("reuse_detected");
  const tokens = [login, next].map(({ refresh_token }) => refresh_token.slice(10, 50));
  for (const secret of ["canary", ...tokens, '"d":', "$argon2"]) expect(said).not.toContain(secret);

  // Nor does the file hold what was typed into the wrong field.
  for (const file of [cli.path("backup.db"), cli.path("data/jwtctl.db")]) {
    const bytes = readFileSync(file, "latin1");
    for (const secret of [PASSWORD, WRONG, MISPLACED, PASSPHRASE, ...tokens])
      expect(bytes).not.toContain(secret);
  }
});
