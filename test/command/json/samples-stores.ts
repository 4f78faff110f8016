import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import Database from "better-sqlite3";
import { OutputClosed } from "../../../src/runtime/runtime.ts";
import { PASSWORD, Samples } from "./samples.ts";

/** Every shape that the commands about a whole store print. */
export async function sampleStores(samples: Samples): Promise<void> {
  await new Samples(samples).see("Demo", "demo");
  await new Samples(samples).see("CompletionScript", "completion bash");
  await checkUps(new Samples(samples));
  await backups(new Samples(samples));
  await logs(new Samples(samples));
}

const password = { stdin: PASSWORD };

async function checkUps(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await at.see("CheckUp", "doctor");
  const [standby] = await cli.json<{ kid: string }[]>("keys list --state standby");
  await cli.ok(`keys delete ${standby?.kid} --force`);
  chmodSync(cli.path("data", "jwtctl.db"), 0o640);
  await at.see("CheckUp", "doctor --fix");
}

async function backups(at: Samples): Promise<void> {
  const { cli } = at;
  const { active_kid: active } = await cli.json<Record<string, string>>("init --no-passphrase");
  for (const user of ["alice", "bob", "carol"]) await cli.ok(`users add ${user} --password-stdin`, password);
  await cli.ok("login alice --password-stdin", password);
  await at.see("BackedUp", `backup ${cli.path("backup.db")}`);
  await at.see("BackedUp", `backup ${cli.path("old-backup.db")} --db ${oldStore(at)}`);
  await cli.ok(`keys revoke ${active}`);
  await cli.ok("users remove carol --yes");
  await cli.ok("users disable bob");
  await at.see("Restored", `restore ${cli.path("backup.db")} --yes`);
  writeFileSync(cli.path("data", "jwtctl.db"), "this is no store any more ".repeat(400));
  await at.see("Restored", `restore ${cli.path("backup.db")} --yes`);
  await at.see("Restored", `restore ${cli.path("backup.db")} --db ${cli.path("new.db")}`);
}

/** A store that a jwtctl of the first schema left: it has no audit log. */
function oldStore(at: Samples): string {
  const path = at.cli.path("old.db");
  const database = new Database(path);
  database.exec(readFileSync(resolve(import.meta.dirname, "../../fixtures/schemas/1.sql"), "utf8"));
  database.close();
  chmodSync(path, 0o600);
  return path;
}

async function logs(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", password);
  await cli.run("login alice --password-stdin", { stdin: "a wrong password" });
  await cli.ok("login alice --password-stdin", password);
  await at.see("Entries", "audit");
  await at.see("Entries", "audit list --type store_restored");
  await at.seeLines("Entry", "audit --follow", {
    onPause: () => {
      throw new OutputClosed();
    },
  });
  const file = cli.path("audit.ndjson");
  await at.see("ExportedLog", `audit export ${file}`);
  await at.see("VerifiedLog", "audit verify");
  await at.see("VerifiedLog", `audit verify ${file}`);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const altered = [lines[0]?.replace("store_initialised", "store_initialized"), "nothing", ...lines.slice(3)];
  writeFileSync(cli.path("altered.ndjson"), `${altered.join("\n")}\n`);
  await at.see("VerifiedLog", `audit verify ${cli.path("altered.ndjson")}`);
  writeFileSync(cli.path("empty.ndjson"), "");
  await at.see("VerifiedLog", `audit verify ${cli.path("empty.ndjson")}`);
}
