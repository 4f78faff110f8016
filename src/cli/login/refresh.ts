import { refreshCurrent, refreshGiven } from "../../app/sessions/refresh-session.ts";
import { updateSession } from "../../app/sessions/save-session.ts";
import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { tokenResponseJson, tokensText } from "../../output/sessions/token-set-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { readRefreshToken, type SecretPorts } from "../input.ts";

export const refresh = defineVerb({
  arguments: {
    token: {
      help: "a refresh token: - (stdin, or asked for), @file or env:NAME; the current login's when left out",
      optional: true,
      takesContent: true,
    },
  },
  examples: [
    ["jwtctl refresh", "trade the saved refresh token, and save what it brings"],
    ["jwtctl refresh - --json < token.txt", "trade another one; the answer is a token response"],
  ],
  run: ({ token }, ports) => (token === undefined ? refreshSaved(ports) : refreshToken(token, ports)),
});

const EVENT = "refreshed the login of";

async function refreshSaved({
  terminal,
  currentPorts,
  credentialsPath,
  clock,
  time,
}: Needs<"terminal" | "currentPorts" | "credentialsPath" | "clock" | "time">): Promise<void> {
  const tokens = await refreshCurrent({ margin: null }, { ...(await currentPorts()), clock });
  const shown = { tokens, event: EVENT, savedIn: await credentialsPath(), withTokens: false };
  terminal.show({
    json: () => tokenResponseJson(tokens),
    text: (style) => tokensText(shown, time().utcOffset, style),
  });
}

type SavePorts = Needs<"terminal" | "absoluteStorePath" | "currentSession">;
type GivenPorts = SavePorts & SecretPorts & Needs<"store" | "sessionPorts" | "time">;

async function refreshToken(given: string, ports: GivenPorts): Promise<void> {
  const text = await readRefreshToken(ports, given, "refresh");
  await ports.store();
  const tokens = await refreshGiven(text, await ports.sessionPorts());
  const shown = { tokens, event: EVENT, savedIn: undefined, withTokens: true };
  // Nothing may come between the trade and its answer: neither a file that cannot be used nor one that is locked.
  try {
    ports.terminal.show({
      json: () => tokenResponseJson(tokens),
      text: (style) => tokensText(shown, ports.time().utcOffset, style),
    });
  } finally {
    await saveIfCurrent(tokens, ports);
  }
}

async function saveIfCurrent(
  tokens: TokenSet,
  { terminal, absoluteStorePath, currentSession }: SavePorts,
): Promise<void> {
  try {
    const db = await absoluteStorePath();
    if (await updateSession(tokens, db, await currentSession())) {
      terminal.note("it is the current login; what is saved of it was replaced, too");
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    terminal.warn(
      `${error.message}; if this is the current login, save it anew: jwtctl login ${shellWord(tokens.user)}`,
    );
  }
}
