import { rmSync } from "node:fs";
import { PASSWORD, Samples } from "./samples.ts";

/** Every shape that users, logins and settings print. */
export async function sampleSessions(samples: Samples): Promise<void> {
  await users(new Samples(samples));
  await logins(new Samples(samples));
  await ends(new Samples(samples));
  await settings(new Samples(samples));
}

const password = { stdin: PASSWORD };

async function users(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await at.see("ShownUser", "users add alice --claim role=admin --password-stdin", password);
  await at.see("Users", "users list");
  await cli.ok("login alice --password-stdin", password);
  await at.see("PasswordChanged", "users passwd alice --keep-current --password-stdin", password);
  await at.see("PasswordChanged", "users passwd alice --password-stdin", password);
  await at.see("ClaimsChanged", "users set alice --claim level:=3 --remove-claim role");
  await at.see("ClaimsChanged", "users set alice --claim level:=3");
  for (let tries = 0; tries < 6; tries++)
    await cli.run("login alice --password-stdin", { stdin: `guess ${tries}` });
  await at.see("ShownUser", "users show alice");
  await at.see("Users", "users list");
  await at.see("Unlocked", "users unlock alice");
  await at.see("Unlocked", "users unlock alice");
  await cli.ok("login alice --password-stdin", password);
  await at.see("StatusChanged", "users disable alice");
  await at.see("StatusChanged", "users enable alice");
  await cli.ok("login alice --password-stdin", password);
  await at.see("RemovedUser", "users remove alice --yes");
}

async function logins(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", password);
  await at.see("Logins", "tokens list");
  const first = await at.see("TokenResponse", "login alice --password-stdin", password);
  await at.see("AccessToken", "access-token");
  await at.see("Who", "whoami");
  await at.see("ShownLogin", `tokens show ${first.session_id}`);
  await at.see("TokenResponse", "refresh");
  const second = await at.see("TokenResponse", "login alice --no-save --password-stdin", password);
  await at.see("TokenResponse", "refresh -", { stdin: second.refresh_token });
  cli.clock.advance(60);
  await cli.run("refresh -", { stdin: first.refresh_token });
  await at.see("Logins", "tokens list");
  await at.see("ShownLogin", `tokens show ${first.session_id}`);
  await at.see("Who", "whoami");
  await at.see("LoggedOut", "logout");
  const third = await at.see("TokenResponse", "login alice --password-stdin", password);
  await at.see("LoggedOut", "logout -", { stdin: third.refresh_token });
  await at.see("RevokedLogins", "tokens revoke --client-id web");
  await at.see("RevokedLogins", "tokens revoke --user alice");
  await at.see("RevokedLogins", "tokens revoke --all --yes");
  await at.see("Pruned", "tokens prune");
}

/** A login whose store has gone, or has never heard of it. */
async function ends(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", password);
  await cli.ok("login alice --password-stdin", password);
  await cli.ok("tokens revoke --all --yes");
  cli.clock.advance(200 * 86_400);
  await cli.ok("tokens prune");
  await at.see("Who", "whoami");
  rmSync(cli.path("data"), { recursive: true });
  await at.see("Who", "whoami");
}

async function settings(at: Samples): Promise<void> {
  const { cli } = at;
  await cli.ok("init --no-passphrase");
  await at.see("Settings", "config list");
  await at.see("Setting", "config get issuer");
  await at.see("Setting", "config get access_ttl");
  await at.see("ChangedSetting", "config set access_ttl 5m");
  await at.see("ChangedSetting", "config set issuer https://auth.example.com");
  await at.see("ChangedSetting", "config set reuse_window 0");
}
