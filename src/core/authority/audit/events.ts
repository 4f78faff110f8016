import type { JsonValue } from "../../base/json/value.ts";
import { isoInstant } from "../../base/time/format.ts";
import type { Decision } from "../decision.ts";
import type { MintNote, NewSession, NewStore, NewUser, RotationResult } from "../ports/store.ts";
import type { RevocationReason } from "../sessions/session.ts";
import type { SettingName, Settings } from "../settings.ts";
import type { AuditEvent } from "./entry.ts";

// What each step of a store tells the log.

export function storeInitialised({ settings, encryption, active, standby }: NewStore): AuditEvent {
  const { issuer, audience, algorithm } = settings;
  return {
    type: "store_initialised",
    kid: active.kid,
    details: { standby: standby.kid, encryption, issuer, audience, algorithm },
  };
}

/** Nothing when nothing is different. */
export function settingsChanged(before: Settings, after: Settings): AuditEvent[] {
  const names = (Object.keys(after) as SettingName[]).filter((name) => before[name] !== after[name]);
  if (names.length === 0) return [];
  const details = Object.fromEntries(
    names.map((name) => [name, [before[name], after[name]] as readonly JsonValue[]]),
  );
  return [{ type: "settings_changed", details }];
}

/** Of the claims only the names: their values may be personal. */
export function userAdded({ name, weakPassword, claims }: NewUser): AuditEvent {
  return {
    type: "user_added",
    user: name,
    details: { weak_password: weakPassword, claims: claims.members.map(([claim]) => claim) },
  };
}

/** What is told of a claim: a text of any length could have been signed. */
const MAX_CLAIM_LENGTH = 200;

/** @param exp NumericDate; null for a token without one */
export function tokenMinted(kid: string, exp: number | null, { sub, jti, typ }: MintNote): AuditEvent {
  const short = (text: string | null) => text?.slice(0, MAX_CLAIM_LENGTH) ?? null;
  return { type: "token_minted", kid, details: { sub: short(sub), jti: short(jti), typ: short(typ), exp } };
}

export function sessionStarted(user: string | null, { id, clientId, expiresAt }: NewSession): AuditEvent {
  return {
    type: "login_started",
    user,
    session: id,
    details: { client_id: clientId, expires_at: isoInstant(expiresAt) },
  };
}

export type LoginRefusal =
  | "wrong_password"
  | "unknown_user"
  | "user_disabled"
  | "throttled"
  /** The user or the password was changed while it was checked. */
  | "changed_meanwhile";

export function loginRefused(
  user: string | null,
  reason: LoginRefusal,
  details: Readonly<Record<string, JsonValue>> = {},
): AuditEvent {
  return { type: "login_refused", user, reason, details };
}

/** So many ids stand in one entry; a longer list takes several. */
const IDS_PER_ENTRY = 1000;

/** One entry for each user whose logins ended. */
export function sessionsRevoked(
  sessions: readonly { readonly id: string; readonly user: string }[],
  reason: RevocationReason,
): AuditEvent[] {
  const byUser = new Map<string, string[]>();
  for (const { id, user } of sessions) {
    const ids = byUser.get(user);
    if (ids) ids.push(id);
    else byUser.set(user, [id]);
  }
  return [...byUser].flatMap(([user, ids]) =>
    chunks(ids).map((some): AuditEvent => {
      const [only] = some;
      const event = { type: "login_revoked", user, reason } as const;
      return ids.length === 1 && only !== undefined
        ? { ...event, session: only }
        : { ...event, details: { logins: some } };
    }),
  );
}

function chunks(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / IDS_PER_ENTRY);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * IDS_PER_ENTRY, (index + 1) * IDS_PER_ENTRY),
  );
}

/** What a presented refresh token brought: something that happened, or a refusal that changed nothing. */
export function rotationEvent(result: RotationResult): Pick<Decision<unknown, never>, "events" | "refusal"> {
  if (result.outcome === "unknown") return { refusal: { type: "refresh_refused", reason: "unknown" } };
  const about = { user: result.session.userName, session: result.session.id };
  switch (result.outcome) {
    case "rotated":
      return {
        events: [{ type: "token_refreshed", ...about, details: { rotation: result.session.rotations } }],
      };
    // It can be had again and again within the window, and changes nothing.
    case "replayed":
      return { refusal: { type: "token_replayed", ...about } };
    case "reused":
      return { events: [{ type: "reuse_detected", ...about }] };
    case "expired":
      return { refusal: { type: "refresh_refused", ...about, reason: result.end } };
    case "revoked": {
      const details = { because: result.session.reason };
      return { refusal: { type: "refresh_refused", ...about, reason: "revoked", details } };
    }
    default:
      return { refusal: { type: "refresh_refused", ...about, reason: result.outcome } };
  }
}
