import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { isoInstant } from "../../base/time/format.ts";

/** What a password or a refresh token buys, and what a client keeps of it. Holds secrets. Times are ms. */
export interface TokenSet {
  readonly user: string;
  readonly sessionId: string;
  readonly clientId: string;
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  /** When the refresh token ends unless it is used. */
  readonly idleExpiresAt: number;
  /** When the login ends in any case. */
  readonly expiresAt: number;
}

/** The client's side of a login, as it is kept between commands. */
export interface CurrentLogin extends TokenSet {
  /** The absolute path of the store the login lives in. */
  readonly db: string;
  /**
   * The secret that is about to replace `refreshToken`, written down before the trade: whichever of the two the store
   * knows after a crash is the login's refresh token. Null when no trade is under way.
   */
  readonly nextRefreshToken: string | null;
}

const VERSION = 1;
const ID = /^\w+$/;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const REFRESH_TOKEN = /^jwtctl_rt_\w+$/;

/** The text of the credentials file. */
export function writeCurrentLogin(login: CurrentLogin): string {
  const json = JsonObject.of({
    version: VERSION,
    db: login.db,
    user: login.user,
    session_id: login.sessionId,
    client_id: login.clientId,
    access_token: login.accessToken,
    issued_at: isoInstant(login.issuedAt),
    access_expires_at: isoInstant(login.accessExpiresAt),
    refresh_token: login.refreshToken,
    next_refresh_token: login.nextRefreshToken,
    idle_expires_at: isoInstant(login.idleExpiresAt),
    expires_at: isoInstant(login.expiresAt),
  });
  return `${writeJson(json, 2)}\n`;
}

/** The login in a credentials file; undefined for anything but what {@link writeCurrentLogin} writes. */
export function readCurrentLogin(text: string): CurrentLogin | undefined {
  const reading = readJson(text);
  if (!reading.ok || !(reading.value instanceof JsonObject)) return undefined;
  const object = reading.value;
  const next = object.get("next_refresh_token");
  const login = {
    db: textOf(object.get("db")),
    user: textOf(object.get("user")),
    sessionId: textOf(object.get("session_id"), ID),
    clientId: textOf(object.get("client_id")),
    accessToken: textOf(object.get("access_token"), TOKEN),
    issuedAt: instantOf(object.get("issued_at")),
    accessExpiresAt: instantOf(object.get("access_expires_at")),
    refreshToken: textOf(object.get("refresh_token"), REFRESH_TOKEN),
    nextRefreshToken: next === null ? null : textOf(next, REFRESH_TOKEN),
    idleExpiresAt: instantOf(object.get("idle_expires_at")),
    expiresAt: instantOf(object.get("expires_at")),
  };
  if (object.get("version") !== VERSION) return undefined;
  return isComplete(login) ? login : undefined;
}

function isComplete(
  login: { [Name in keyof CurrentLogin]: CurrentLogin[Name] | undefined },
): login is CurrentLogin {
  return Object.values(login).every((value) => value !== undefined);
}

function textOf(value: JsonValue | undefined, form = /./): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}

function instantOf(value: JsonValue | undefined): number | undefined {
  const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
