import { type DeletionResult, decideDeletion, isOnlyStandby } from "../../core/authority/keys/life-cycle.ts";
import { mayHaveTokens, type SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyStore, SettingsStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { refuseAfterClockJump } from "../store/clock-jump.ts";
import { findKeyToChange } from "./find-key.ts";

/** What stops working when a key is deleted. */
export type DeletionConsequence =
  /** Tokens it signed are refused from now on. */
  | "tokens_refused"
  /** The next rotation activates a key that verifiers do not know yet. */
  | "nothing_published_ahead"
  /** A copy of the compromised key could be imported again. */
  | "revocation_forgotten";

export interface KeyDeleted {
  readonly dryRun: boolean;
  /** The key before its deletion. */
  readonly key: SigningKey;
  readonly consequences: readonly DeletionConsequence[];
}

/**
 * Deletes a key.
 *
 * @throws AppError `key_not_found`, `key_ambiguous`; `key_state_conflict` for the active key, and without `force` while
 *   unexpired tokens may exist or no other key is published ahead; `clock_implausible` when only a doubtful clock says
 *   that they have expired
 */
export async function deleteKey(
  input: { readonly given: string; readonly force: boolean; readonly dryRun: boolean },
  { store, clock }: { store: KeyStore & Pick<SettingsStore, "findLastUse">; clock: Clock },
): Promise<KeyDeleted> {
  const { force, dryRun } = input;
  const now = clock.now();
  const keys = await store.listKeys(now);
  const found = findKeyToChange(keys, input.given);
  const { kid } = found;
  if (!force && (found.state === "retired" || found.state === "revoked")) {
    const meant = `jwtctl keys delete ${shellWord(kid)} --force`;
    await refuseAfterClockJump(store, now, { undone: "the key was not deleted", meant });
  }
  const result = dryRun
    ? decideDeletion(keys, { kid, force }, now).result
    : await store.deleteKey({ kid, force }, now);
  const key = deleted(result, kid);
  return { dryRun, key, consequences: consequencesOf(keys, key, now) };
}

function deleted(result: DeletionResult, kid: string): SigningKey {
  switch (result.outcome) {
    case "deleted":
      return result.key;
    case "active":
      throw conflict(result.key, `the key "${kid}" is active: without it nothing could be signed`, [
        "Sign with the standby first (jwtctl keys rotate), or, if it is compromised: jwtctl keys revoke",
      ]);
    case "tokens_alive":
      throw conflict(result.key, `tokens signed with the key "${kid}" may still be in use`, [
        `Wait until they have expired: jwtctl keys show ${shellWord(kid)}`,
        result.key.state === "revoked"
          ? "To delete it all the same, and forget that it was revoked: --force"
          : "To delete it all the same, and refuse those tokens from then on: --force",
      ]);
    case "only_standby":
      throw conflict(result.key, `the key "${kid}" is the only one that is published ahead`, [
        "Make another standby first: jwtctl keys generate",
        "To delete it all the same, and have the next rotation sign with a key verifiers do not know: --force",
      ]);
    case "not_found":
      throw new AppError("key_not_found", `the key "${kid}" has just been deleted`, {
        hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
      });
  }
}

function consequencesOf(keys: readonly SigningKey[], key: SigningKey, now: number): DeletionConsequence[] {
  const consequences: DeletionConsequence[] = [];
  if (key.state === "revoked") consequences.push("revocation_forgotten");
  else if (mayHaveTokens(key, now)) consequences.push("tokens_refused");
  if (isOnlyStandby(keys, key)) consequences.push("nothing_published_ahead");
  return consequences;
}

function conflict(key: SigningKey, message: string, hints: readonly string[]): AppError {
  return new AppError("key_state_conflict", message, { hints, data: { kid: key.kid, state: key.state } });
}
