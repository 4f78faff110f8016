import { expect, it } from "vitest";
import { Cli, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const typed = (question: string, answer: string | boolean = PASSWORD) => [question, answer] as const;

it("a login from the password to the end, as a person sees it", async () => {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  const story = new Story(cli);
  const person = { terminal: true, env: { NO_COLOR: "1" } };
  await story.tell("whoami", person);
  await story.tell("access-token", person);
  await story.tell("login mallory", { ...person, answers: [typed("Password for mallory")] });
  await story.tell("login alice", {
    ...person,
    answers: [typed("Password for alice", "not this one at all")],
  });
  await story.tell("login alice", { ...person, answers: [typed("Password for alice")] });
  await story.tell("access-token", person);
  cli.clock.advance(20 * 60);
  await story.tell("whoami", person);
  await story.tell("access-token", person);
  cli.clock.advance(3 * 86_400);
  await story.tell("refresh", person);
  await story.tell("whoami", person);
  await story.tell("login", {
    ...person,
    answers: [typed("User name", "alice"), typed("Password for alice")],
  });
  await story.tell("login alice --no-save", { ...person, answers: [typed("Password for alice")] });
  await story.tell("logout", person);
  await story.tell("logout", person);
  await story.tell("tokens list", person);
  await expect(story.toString()).toMatchFileSnapshot("golden/life-of-a-login.txt");
});

it("a login that has ended, as a person sees it", async () => {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  const story = new Story(cli);
  const login = () => cli.ok("login alice --password-stdin --quiet", { stdin: PASSWORD });
  const saved = () =>
    (JSON.parse(cli.read("state/credentials.json")) as { refresh_token: string }).refresh_token;

  await login();
  const first = saved();
  await cli.ok("refresh");
  await story.tell("refresh -", { stdin: first });
  await cli.ok("refresh");
  await story.tell("refresh -", { stdin: first });
  cli.clock.advance(-3600);
  await story.tell("refresh -", { stdin: first });
  cli.clock.advance(3600 + 60);
  await story.tell("refresh -", { stdin: first });
  await story.tell("whoami");
  await story.tell("refresh");

  await login();
  cli.clock.advance(14 * 86_400);
  await story.tell("refresh");
  await story.tell("whoami");

  await login();
  for (let week = 0; week < 12; week++) {
    cli.clock.advance(7 * 86_400);
    await cli.ok("refresh");
  }
  cli.clock.advance(5 * 86_400 + 86_000);
  await story.tell("access-token --json");
  cli.clock.advance(400);
  await story.tell("access-token");

  await login();
  await cli.ok("users disable alice");
  await story.tell("refresh");
  await story.tell("login alice --password-stdin", { stdin: PASSWORD });
  await cli.ok("users enable alice");
  await story.tell("refresh");
  await login();
  await cli.ok("users passwd alice --password-stdin", { stdin: "eight blue kettles hum" });
  await story.tell("refresh");
  await cli.ok("login alice --password-stdin --quiet", { stdin: "eight blue kettles hum" });
  await cli.ok("users remove alice --yes");
  await story.tell("refresh");
  await story.tell("whoami --json");
  await expect(story.toString()).toMatchFileSnapshot("golden/ended-logins.txt");
});
