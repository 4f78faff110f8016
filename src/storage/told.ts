import * as events from "../core/authority/audit/events.ts";
import { keyEvents } from "../core/authority/audit/key-events.ts";
import type * as port from "../core/authority/ports/store.ts";
import type { Settings } from "../core/authority/settings.ts";
import type { UserStatus } from "../core/authority/users/user.ts";
import type { AuditLog } from "./audit-log.ts";

// The steps of a store that the audit log is told of, the same for every backend: each does its work and notes what
// it did. Backends call them inside the transaction of the work.

export function initialised(
  log: AuditLog,
  input: port.NewStore,
  work: () => "initialised" | "already_initialised",
) {
  const outcome = work();
  if (outcome === "initialised") log.note(events.storeInitialised(input));
  return outcome;
}

export function settingsWritten(log: AuditLog, read: () => Settings, work: () => void): void {
  const before = read();
  work();
  log.note(...events.settingsChanged(before, read()));
}

/** Any work on the keys: what is different afterwards is told. */
export function keysChanged<T>(log: AuditLog, work: () => T): T {
  const before = log.tables.keys();
  const result = work();
  log.note(...keyEvents(before, log.tables.keys()));
  return result;
}

/** @param work tidies up; returns how many seals it wiped */
export function tidied(log: AuditLog, work: () => number): port.Tidied {
  const before = log.tables.keys();
  const seals = keysChanged(log, work);
  const changes = log.tables.keys().map((key) => ({ key, old: before.find(({ kid }) => kid === key.kid) }));
  return {
    destroyed: changes.filter(({ key, old }) => old?.hasPrivate && !key.hasPrivate).map(({ key }) => key.kid),
    seals,
  };
}

export function keyRevoked(log: AuditLog, work: () => port.KeyRevocationResult) {
  const result = keysChanged(log, work);
  if (result.outcome === "revoked") log.noteRevoked(result.revokedSessions, "key_compromised");
  return result;
}

export function keysResealed(
  log: AuditLog,
  { encryption, materials }: port.ResealKeys,
  work: () => "resealed" | "changed_meanwhile",
) {
  const outcome = work();
  if (outcome === "resealed") {
    log.note({ type: "passphrase_changed", details: { encryption, keys: materials.length } });
  }
  return outcome;
}

/** @param minted undefined for the token of a login, of which the login's own entry tells */
export function signatureReserved(
  log: AuditLog,
  { kid, exp, minted }: { kid: string; exp: number | null; minted: port.MintNote | undefined },
  work: () => "reserved" | "not_active",
) {
  const outcome = work();
  if (outcome === "reserved" && minted !== undefined) log.note(events.tokenMinted(kid, exp, minted));
  return outcome;
}

export function userAdded(log: AuditLog, input: port.NewUser, work: () => "added" | "name_taken") {
  const outcome = work();
  if (outcome === "added") log.note(events.userAdded(input));
  return outcome;
}

export function passwordChanged(
  log: AuditLog,
  { userId, weakPassword }: port.ChangePassword,
  work: () => { readonly revoked: readonly string[] } | null,
) {
  const result = work();
  if (result === null) return null;
  const user = log.tables.userName(userId);
  log.note({ type: "password_changed", user, details: { weak_password: weakPassword } });
  log.noteRevoked(result.revoked, "password_changed");
  return result;
}

export function passwordRehashed(
  log: AuditLog,
  userId: string,
  work: () => "replaced" | "changed_meanwhile",
) {
  const outcome = work();
  if (outcome === "replaced") log.note({ type: "password_rehashed", user: log.tables.userName(userId) });
  return outcome;
}

export function statusSet(
  log: AuditLog,
  userId: string,
  status: UserStatus,
  work: () => { readonly changed: boolean; readonly revoked: readonly string[] } | null,
) {
  const result = work();
  const type = status === "disabled" ? "user_disabled" : "user_enabled";
  if (result?.changed) log.note({ type, user: log.tables.userName(userId) });
  log.noteRevoked(result?.revoked ?? [], "user_disabled");
  return result;
}

/** @param work says whether there was anything to clear */
export function userUnlocked(log: AuditLog, userId: string, work: () => boolean) {
  const user = log.tables.userName(userId);
  if (user === null) return null;
  const changed = work();
  if (changed) log.note({ type: "user_unlocked", user });
  return { changed };
}

export function userRemoved(
  log: AuditLog,
  userId: string,
  work: () => { readonly revoked: readonly string[] } | null,
) {
  const user = log.tables.userName(userId);
  const result = work();
  if (result === null) return null;
  log.note({ type: "user_removed", user });
  log.noteRevoked(result.revoked, "user_removed");
  return result;
}

export function sessionCreated(
  log: AuditLog,
  input: port.NewSession,
  work: () => "created" | "user_not_found" | "user_disabled" | "password_changed",
) {
  const outcome = work();
  const user = log.tables.userName(input.userId);
  if (outcome === "created") log.note(events.sessionStarted(user, input));
  else {
    const reason = outcome === "user_disabled" ? outcome : "changed_meanwhile";
    log.refuse(events.loginRefused(user, reason));
  }
  return outcome;
}

export function refreshTokenRotated(log: AuditLog, work: () => port.RotationResult) {
  const result = work();
  const { event, isRefusal } = events.rotationEvent(result);
  if (isRefusal) log.refuse(event);
  else log.note(event);
  return result;
}

export function sessionsPruned(log: AuditLog, work: () => number) {
  const count = work();
  if (count > 0) log.note({ type: "logins_pruned", details: { count } });
  return count;
}
