import { refreshCurrent, refreshGiven } from "../../app/sessions/refresh-session.ts";
import { updateSession } from "../../app/sessions/save-session.ts";
import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { tokenResponseJson, tokensText } from "../../output/sessions/token-set-view.ts";
import type { Context } from "../context.ts";
import { readRefreshToken } from "../input.ts";
import type { OldVerb as Verb } from "../old-command.ts";
import { currentPorts, currentSession } from "./current-login.ts";
import { sessionPorts } from "./session-ports.ts";

export const refresh: Verb = {
  configure: (command) =>
    command.argument(
      "[token]",
      "a refresh token: - (stdin, or asked for), @file or env:NAME; the current login's when left out",
    ),
  examples: [
    ["jwtctl refresh", "trade the saved refresh token, and save what it brings"],
    ["jwtctl refresh - --json < token.txt", "trade another one; the answer is a token response"],
  ],
  run: (context, { args: [given] }) =>
    given === undefined ? refreshSaved(context) : refreshToken(context, given),
};

async function refreshSaved(context: Context): Promise<void> {
  const ports = { ...(await currentPorts(context)), clock: context.runtime.clock };
  const tokens = await refreshCurrent({ margin: null }, ports);
  const shown = {
    tokens,
    event: "refreshed the login of",
    savedIn: await context.credentialsPath(),
    withTokens: false,
  };
  context.show({
    json: () => tokenResponseJson(tokens),
    text: (style) => tokensText(shown, context.time().utcOffset, style),
  });
}

async function refreshToken(context: Context, given: string): Promise<void> {
  const text = await readRefreshToken(context, given, "refresh");
  await context.store();
  const tokens = await refreshGiven(text, await sessionPorts(context));
  const shown = {
    tokens,
    event: "refreshed the login of",
    savedIn: undefined,
    withTokens: true,
  };
  // Nothing may come between the trade and its answer: neither a file that cannot be used nor one that is locked.
  try {
    context.show({
      json: () => tokenResponseJson(tokens),
      text: (style) => tokensText(shown, context.time().utcOffset, style),
    });
  } finally {
    await saveIfCurrent(context, tokens);
  }
}

async function saveIfCurrent(context: Context, tokens: TokenSet): Promise<void> {
  try {
    const db = await context.absoluteStorePath();
    if (await updateSession(tokens, db, await currentSession(context))) {
      context.note("it is the current login; what is saved of it was replaced, too");
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.warn(
      `${error.message}; if this is the current login, save it anew: jwtctl login ${shellWord(tokens.user)}`,
    );
  }
}
