import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { Scene } from "../../output/learn/demo-view.ts";
import type { DemoCommands, Outcome } from "./demo-commands.ts";

const PASSWORD = "seven green kettles hum";

/** The life of a token, step by step. Each scene is a real command with its real output. */
export async function* demoScenes(commands: DemoCommands): AsyncGenerator<Scene> {
  const play = async (
    scene: Pick<Scene, "title" | "lesson" | "typed">,
    words: readonly string[],
    options: { stdin?: string; expect?: ErrorCode } = {},
  ): Promise<Scene & Outcome> => {
    const outcome = await commands.run(words, options.stdin);
    if (outcome.error !== (options.expect ?? null)) throw derailed(scene.typed, outcome);
    return { ...scene, ...outcome };
  };

  yield play(
    {
      title: "Make an authority",
      lesson:
        "A store is one SQLite file. It starts with a key that signs and a standby that will follow it.",
      typed: "jwtctl init --no-passphrase",
    },
    ["init", "--no-passphrase"],
  );

  yield play(
    {
      title: "Register a user",
      lesson: "Of the password only an argon2id hash is kept. The claim goes into every token of this user.",
      typed: `echo "${PASSWORD}" | jwtctl users add alice --claim role=reader --password-stdin`,
    },
    ["users", "add", "alice", "--claim", "role=reader", "--password-stdin"],
    { stdin: PASSWORD },
  );

  const session = await play(
    {
      title: "Log in: a password buys two tokens",
      lesson:
        "The access token is a JWT: short-lived, and nobody can take it back. " +
        "The refresh token is opaque: long-lived, kept as a hash, and revocable.",
      typed: `echo "${PASSWORD}" | jwtctl login alice --password-stdin --json`,
    },
    ["login", "alice", "--password-stdin", "--json"],
    { stdin: PASSWORD },
  );
  yield session;
  const first = tokensOf(session);

  yield play(
    {
      title: "Read the access token: anyone can",
      lesson: "A JWT is signed, not encrypted. No key was needed for this; never put a secret into a claim.",
      typed: 'TOKEN=$(jwtctl access-token); jwtctl decode "$TOKEN"',
    },
    ["decode", first.access],
  );

  yield play(
    {
      title: "Verify it: nobody can change it unnoticed",
      lesson: "With the public key anyone can check who issued it, for whom, and until when.",
      typed: 'jwtctl verify "$TOKEN"',
    },
    ["verify", first.access],
  );

  const tampered = await commands.run(["tamper", first.access, "--claim", "role=admin", "--quiet"]);
  yield play(
    {
      title: "Tamper with one claim: role=reader becomes role=admin",
      lesson: "Changing the payload is easy. Making the signature fit again takes the private key.",
      typed: 'jwtctl tamper "$TOKEN" --claim role=admin | jwtctl verify -',
    },
    ["verify", "-"],
    { stdin: tampered.stdout, expect: "signature_invalid" },
  );

  yield play(
    {
      title: "Refresh: the old refresh token is traded for a new one",
      lesson: "Each refresh token works once. Anyone presenting a used one is either late or a thief.",
      typed: "jwtctl refresh --json",
    },
    ["refresh", "--json"],
  );

  commands.wait(60);
  yield play(
    {
      title: "A minute later, a thief replays the old refresh token",
      lesson:
        "Two parties hold the same login and nobody can tell which one is honest: the whole login is revoked.",
      typed: 'echo "$OLD_REFRESH_TOKEN" | jwtctl refresh -',
    },
    ["refresh", "-"],
    { stdin: first.refresh, expect: "refresh_reused" },
  );

  yield play(
    {
      title: "The whole session is revoked",
      lesson:
        "Alice has to log in again. Access tokens that are out already live until they expire: keep them short.",
      typed: "jwtctl tokens list",
    },
    ["tokens", "list"],
  );

  yield play(
    {
      title: "Publish the public keys",
      lesson: "With this file every service can verify tokens and none can issue them.",
      typed: "jwtctl keys jwks",
    },
    ["keys", "jwks"],
  );
}

function tokensOf(session: Outcome): { access: string; refresh: string } {
  const response = JSON.parse(session.stdout) as { access_token: string; refresh_token: string };
  return { access: response.access_token, refresh: response.refresh_token };
}

/** A demo that shows something else than it says would be worse than none. */
function derailed(typed: string, { error }: Outcome): AppError {
  return new AppError("internal", `the demo went off its script at: ${typed}`, {
    hints: [`It ended with ${error ?? "success"}`, "Report this with the output of: jwtctl --version"],
  });
}
