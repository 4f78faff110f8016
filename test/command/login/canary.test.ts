import { expect, it } from "vitest";
import { Cli, type RunOptions } from "../../support/run.ts";

const PASSWORD = "canary-password kettle orbit";
const NEW_PASSWORD = "canary-second plum orbit";
const WRONG = "canary-wrong plum kettle";
const PASSPHRASE = "canary-passphrase hedge";

interface Saved {
  readonly access_token: string;
  readonly refresh_token: string;
}

/**
 * Every command about users, logins and tokens, in good and bad cases, in text, JSON and --verbose: whatever is said,
 * a planted password, passphrase or refresh token is in none of it. The one place for a refresh token is the token
 * response that `login --json`, `refresh --json` and `--no-save` are for.
 */
it("planted secrets come out nowhere but in a token response", { timeout: 240_000 }, async () => {
  const cli = new Cli();
  cli.env.JWTCTL_PASSPHRASE = PASSPHRASE;
  const secrets = [PASSWORD, NEW_PASSWORD, WRONG, PASSPHRASE, "canary"];
  const saved = () => JSON.parse(cli.read("state/credentials.json")) as Saved;

  /** @param expected the exit code of the first run; the others repeat it in another form */
  async function silent(expected: number, line: string, options: RunOptions = {}): Promise<void> {
    for (const flags of ["", " --json", " --verbose", " --verbose --json", " --color always"]) {
      const { code, stdout, stderr, asked } = await cli.run(line + flags, options);
      if (flags === "") expect(code, line).toBe(expected);
      const said = stdout + stderr + asked.join("\n");
      for (const secret of secrets) expect(said, line + flags).not.toContain(secret);
    }
  }
  const typed = (first: string, second?: string): RunOptions => ({
    terminal: true,
    answers: [
      ["New password", first] as const,
      ...(second === undefined ? [] : [["Repeat the", second] as const]),
    ],
  });
  const piped = (stdin: string): RunOptions => ({ stdin });

  await silent(0, "init");
  await silent(1, "users add alice", typed("canary"));
  await silent(2, "users add alice", typed(PASSWORD, WRONG));
  await silent(0, "users add alice --password-stdin", piped(`${PASSWORD}\n`));
  await silent(1, "users add carol --password-stdin", piped(`canary\n${PASSWORD}`));
  await silent(1, "login alice --password-stdin", piped(WRONG));
  await silent(1, "login nobody --password-stdin", piped(WRONG));
  cli.clock.advance(3600);
  await silent(6, "login alice --password-stdin", {
    stdin: PASSWORD,
    env: { JWTCTL_PASSPHRASE: "canary" },
  });

  const { code, stdout, stderr } = await cli.run(
    "login alice --password-stdin --verbose",
    piped(`${PASSWORD}\n`),
  );
  const stolen = saved().refresh_token;
  secrets.push(stolen, stolen.slice(10, 50));
  expect(code).toBe(0);
  for (const secret of [...secrets, saved().access_token]) expect(stdout + stderr).not.toContain(secret);

  cli.file("token.txt", stolen);
  await silent(0, "whoami");
  await silent(0, "access-token");
  await silent(0, "users list");
  await silent(0, "users show alice");
  await silent(0, "tokens list");
  const [{ id } = { id: "" }] = await cli.json<{ id: string }[]>("tokens list");
  await silent(0, `tokens show ${id}`);
  await silent(2, `tokens show ${stolen}`);
  await silent(2, `tokens revoke ${stolen}`);
  await silent(5, `tokens revoke --token ${stolen.slice(0, -1)}`);
  await silent(5, `refresh ${stolen.slice(0, -1)}`);
  await silent(5, `logout ${stolen}x`);
  await silent(2, `logout env:${stolen} extra`);
  await silent(6, "refresh", { env: { JWTCTL_PASSPHRASE: "canary" } });

  await cli.ok("refresh");
  secrets.push(saved().refresh_token);
  cli.clock.advance(3600);
  await silent(1, "refresh -", piped(stolen));
  await silent(1, `refresh @${cli.path("token.txt")}`);
  await silent(1, "refresh env:LEAKED", { env: { LEAKED: stolen } });
  await silent(1, "refresh");
  await silent(1, "access-token");
  await silent(1, "whoami");
  await silent(0, `tokens show ${id}`);
  await silent(0, "tokens revoke --token -", piped(stolen));
  await silent(0, "users passwd alice --password-stdin", piped(NEW_PASSWORD));
  await silent(0, "users passwd alice --password-stdin --keep-current", piped(NEW_PASSWORD));
  await silent(0, "logout -", piped(stolen));
  await silent(3, "logout");
  await silent(0, "users disable alice");
  await silent(1, "login alice --password-stdin", piped(NEW_PASSWORD));
  await silent(0, "users remove alice --yes");
  await silent(0, "tokens prune");
  await silent(0, "tokens revoke --all --yes");
});
