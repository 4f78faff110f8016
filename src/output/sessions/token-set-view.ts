import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { type Field, fields } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { timeText, wholeSecond } from "../time-text.ts";

/** The OAuth 2.0 token response (RFC 6749 section 5.1), with session and user. */
export function tokenResponseJson(tokens: TokenSet) {
  return {
    access_token: tokens.accessToken,
    token_type: "Bearer",
    expires_in: seconds(tokens.accessExpiresAt, tokens.issuedAt),
    refresh_token: tokens.refreshToken,
    refresh_expires_in: seconds(tokens.idleExpiresAt, tokens.issuedAt),
    session_id: tokens.sessionId,
    user: tokens.user,
  };
}

/** The access token alone, as of `now` (ms). */
export function accessTokenJson(tokens: TokenSet, now: number) {
  return {
    access_token: tokens.accessToken,
    token_type: "Bearer",
    expires_in: seconds(tokens.accessExpiresAt, now),
    session_id: tokens.sessionId,
    user: tokens.user,
  };
}

function seconds(end: number, from: number): number {
  return Math.max(0, (wholeSecond(end) - wholeSecond(from)) / 1000);
}

export interface TokensShown {
  readonly tokens: TokenSet;
  /** The event: `logged in`, `refreshed`. */
  readonly event: string;
  /** The file the session is saved in; undefined when it is not saved. */
  readonly savedIn: string | undefined;
  /** Show the tokens themselves, because no file has them. */
  readonly withTokens: boolean;
}

/**
 * Who is logged in and until when. The tokens are not shown when a file has them: screens are shared, scrolled back and
 * recorded.
 */
export function tokensText(
  { tokens, event, savedIn, withTokens }: TokensShown,
  utcOffset: TimeContext["utcOffset"],
  style: Style,
): string {
  const time = { now: tokens.issuedAt, utcOffset };
  const rows: Field[] = [
    ["login", tokens.sessionId],
    ["access token", `until ${timeText(tokens.accessExpiresAt, time)}`],
    ...lifetimeFields(tokens, time),
  ];
  if (savedIn !== undefined) rows.push(["saved in", safe(savedIn)]);
  const head = `${style.good(event)} ${style.strong(safe(tokens.user))}\n\n${fields(rows, style)}`;
  const secrets = withTokens ? `\n${secretsText(tokens, style)}` : "";
  return head + secrets;
}

/** The idle end and the absolute end of the session. */
export function lifetimeFields(
  { idleExpiresAt, expiresAt }: Pick<TokenSet, "idleExpiresAt" | "expiresAt">,
  time: TimeContext,
): Field[] {
  const end: Field = ["ends", timeText(expiresAt, time)];
  if (idleExpiresAt >= expiresAt) return [end];
  return [["refresh by", `${timeText(idleExpiresAt, time)}; every refresh moves this on`], end];
}

function secretsText({ accessToken, refreshToken }: TokenSet, style: Style): string {
  const [header = "", payload = "", signature = ""] = accessToken.split(".");
  const colored = [style.header(header), style.payload(payload), style.signature(signature)].join(".");
  return [
    `${style.strong("access token")}  ${style.dim("(for the API, until it expires)")}`,
    colored,
    "",
    `${style.strong("refresh token")}  ${style.dim("(for the next pair of tokens, once; keep it like a password)")}`,
    refreshToken,
    "",
  ].join("\n");
}
