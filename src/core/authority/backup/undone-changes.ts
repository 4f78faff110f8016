import type { StoreSummary } from "../ports/backups.ts";

/** Something that a restoration takes back, because it happened after the backup. */
export type UndoneChange =
  /** The key was compromised, and is trusted again. */
  | { readonly kind: "key_revocation"; readonly kid: string }
  /** Tokens that the key has signed cannot be verified any more. */
  | { readonly kind: "key_lost"; readonly kid: string }
  | { readonly kind: "user_disabled"; readonly user: string }
  | { readonly kind: "user_removed"; readonly user: string }
  | { readonly kind: "user_added"; readonly user: string }
  /** The old password opens the account again. */
  | { readonly kind: "password_changed"; readonly user: string };

/** What happened between a backup and the store that it replaces, as far as it matters for who gets in. */
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
