import { logOutCurrent, logOutGiven } from "../../app/sessions/log-out.ts";
import { AppError } from "../../core/base/errors.ts";
import { loggedOutJson, loggedOutText } from "../../output/sessions/ended-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { readRefreshToken, type SecretPorts } from "../input.ts";
import { noteAccessTokens } from "./access-token-note.ts";

export const logout = defineVerb({
  arguments: {
    token: {
      help: "a refresh token: - (stdin, or asked for), @file or env:NAME; the current login when left out",
      optional: true,
      takesContent: true,
    },
  },
  examples: [
    ["jwtctl logout", "end the current login and forget it here"],
    ["jwtctl logout - < token.txt", "end the login that a refresh token belongs to"],
  ],
  async run({ token }, { terminal, ...ports }) {
    const result =
      token === undefined ? await endCurrent(ports) : await endGiven(token, { terminal, ...ports });
    terminal.show({ json: () => loggedOutJson(result), text: (style) => loggedOutText(result, style) });
    if (result.revoked) await noteAccessTokens([result.sessionId], terminal, await ports.store());
  },
});

async function endCurrent({ currentPorts, credentialsPath }: Needs<"currentPorts" | "credentialsPath">) {
  try {
    return await logOutCurrent(await currentPorts());
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_not_found") throw error;
    const path = await credentialsPath();
    throw new AppError(error.code, error.message, {
      hints: [`The login cannot be ended without its store; to forget it here all the same, remove ${path}`],
      cause: error,
    });
  }
}

type GivenPorts = SecretPorts & Needs<"store" | "sessionPorts" | "currentSession" | "absoluteStorePath">;

async function endGiven(given: string, ports: GivenPorts) {
  const text = await readRefreshToken(ports, given, "logout");
  await ports.store();
  const current = await ports.currentSession();
  return logOutGiven(text, {
    ...(await ports.sessionPorts()),
    current,
    db: await ports.absoluteStorePath(),
  });
}
