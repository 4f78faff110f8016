import type { StoreSummary } from "../ports/backups.ts";

/** A change after the backup that a restore takes back. */
export type UndoneChange =
  /** A revoked key is trusted again. */
  | { readonly kind: "key_revocation"; readonly kid: string }
  /** A key is gone: its tokens can no longer be verified. */
  | { readonly kind: "key_lost"; readonly kid: string }
  | { readonly kind: "user_disabled"; readonly user: string }
  | { readonly kind: "user_removed"; readonly user: string }
  | { readonly kind: "user_added"; readonly user: string }
  /** The old password is valid again. */
  | { readonly kind: "password_changed"; readonly user: string };

/** The security-relevant changes between a backup and the store that it replaces. */
export function changesUndoneBy(restored: StoreSummary, replaced: StoreSummary): readonly UndoneChange[] {
  return [...keysUndone(restored, replaced), ...usersUndone(restored, replaced)];
}

function keysUndone(restored: StoreSummary, replaced: StoreSummary): UndoneChange[] {
  return replaced.keys.flatMap(({ kid, state }): UndoneChange[] => {
    const key = restored.keys.find((candidate) => candidate.kid === kid);
    if (key === undefined) return state === "revoked" ? [] : [{ kind: "key_lost", kid }];
    return state === "revoked" && key.state !== "revoked" ? [{ kind: "key_revocation", kid }] : [];
  });
}

function usersUndone(restored: StoreSummary, replaced: StoreSummary): UndoneChange[] {
  const removed = restored.users
    .filter(({ name }) => replaced.users.every((user) => user.name !== name))
    .map(({ name }): UndoneChange => ({ kind: "user_removed", user: name }));
  const others = replaced.users.flatMap(({ name, status, passwordChangedAt }): UndoneChange[] => {
    const user = restored.users.find((candidate) => candidate.name === name);
    if (user === undefined) return [{ kind: "user_added", user: name }];
    return [
      ...(status === "disabled" && user.status === "active"
        ? [{ kind: "user_disabled", user: name } as const]
        : []),
      ...(passwordChangedAt > user.passwordChangedAt
        ? [{ kind: "password_changed", user: name } as const]
        : []),
    ];
  });
  return [...removed, ...others];
}
