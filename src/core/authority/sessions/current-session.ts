import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { isoInstant } from "../../base/time/format.ts";

/** The tokens of a session, as `login` and `refresh` return them. Holds secrets. Times are ms. */
export interface TokenSet {
  readonly user: string;
  readonly sessionId: string;
  readonly clientId: string;
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  /** When the refresh token expires unless it is used. */
  readonly idleExpiresAt: number;
  /** The absolute end of the session. */
  readonly expiresAt: number;
}

/** The current session as the credentials file has it. */
export interface CurrentSession extends TokenSet {
  /** The absolute path of the session's store. */
  readonly db: string;
  /**
   * The secret that will replace `refreshToken`, saved before the rotation: after a crash the store knows one of the
   * two. Null when no rotation is in progress.
   */
  readonly nextRefreshToken: string | null;
}

const VERSION = 1;
const ID = /^\w+$/;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const REFRESH_TOKEN = /^jwtctl_rt_\w+$/;

/** The text of the credentials file. */
export function writeCurrentSession(session: CurrentSession): string {
  const json = JsonObject.of({
    version: VERSION,
    db: session.db,
    user: session.user,
    session_id: session.sessionId,
    client_id: session.clientId,
    access_token: session.accessToken,
    issued_at: isoInstant(session.issuedAt),
    access_expires_at: isoInstant(session.accessExpiresAt),
    refresh_token: session.refreshToken,
    next_refresh_token: session.nextRefreshToken,
    idle_expires_at: isoInstant(session.idleExpiresAt),
    expires_at: isoInstant(session.expiresAt),
  });
  return `${writeJson(json, 2)}\n`;
}

/** Reads a credentials file; undefined for anything but what {@link writeCurrentSession} writes. */
export function readCurrentSession(text: string): CurrentSession | undefined {
  const reading = readJson(text);
  if (!reading.ok || !(reading.value instanceof JsonObject)) return undefined;
  const object = reading.value;
  const next = object.get("next_refresh_token");
  const session = {
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
  return isComplete(session) ? session : undefined;
}

function isComplete(
  session: { [Name in keyof CurrentSession]: CurrentSession[Name] | undefined },
): session is CurrentSession {
  return Object.values(session).every((value) => value !== undefined);
}

function textOf(value: JsonValue | undefined, form = /./): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}

function instantOf(value: JsonValue | undefined): number | undefined {
  const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
