import { logOutCurrent, logOutGiven } from "../../app/sessions/log-out.ts";
import { AppError } from "../../core/base/errors.ts";
import { loggedOutJson, loggedOutText } from "../../output/sessions/ended-view.ts";
import type { Context } from "../context.ts";
import { readRefreshToken } from "../input.ts";
import type { OldVerb as Verb } from "../old-command.ts";
import { noteAccessTokens } from "./access-token-note.ts";
import { currentPorts, currentSession } from "./current-login.ts";
import { sessionPorts } from "./session-ports.ts";

export const logout: Verb = {
  configure: (command) =>
    command.argument(
      "[token]",
      "a refresh token: - (stdin, or asked for), @file or env:NAME; the current login when left out",
    ),
  examples: [
    ["jwtctl logout", "end the current login and forget it here"],
    ["jwtctl logout - < token.txt", "end the login that a refresh token belongs to"],
  ],
  async run(context, { args: [given] }) {
    const result = given === undefined ? await endCurrent(context) : await endGiven(context, given);
    context.show({ json: () => loggedOutJson(result), text: (style) => loggedOutText(result, style) });
    await noteAccessTokens(context, result.revoked ? [result.sessionId] : []);
  },
};

async function endCurrent(context: Context) {
  try {
    return await logOutCurrent(await currentPorts(context));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_not_found") throw error;
    const path = await context.credentialsPath();
    throw new AppError(error.code, error.message, {
      hints: [`The login cannot be ended without its store; to forget it here all the same, remove ${path}`],
      cause: error,
    });
  }
}

async function endGiven(context: Context, given: string) {
  const text = await readRefreshToken(context, given, "logout");
  await context.store();
  const ports = {
    ...(await sessionPorts(context)),
    current: await currentSession(context),
    db: await context.absoluteStorePath(),
  };
  return logOutGiven(text, ports);
}
