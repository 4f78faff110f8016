import { decideRetirement, type RetirementResult } from "../../core/authority/keys/life-cycle.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { findKeyToChange } from "./find-key.ts";

export interface KeyRetired {
  readonly dryRun: boolean;
  /** False when the key was retired already, or is retiring with the right date. */
  readonly changed: boolean;
  readonly key: SigningKey;
}

/**
 * Retires a standby key, or a retiring key without a date. A date that a wrong clock has set too late is corrected.
 * Idempotent.
 *
 * @throws AppError `key_not_found`, `key_ambiguous`, `key_state_conflict`
 */
export async function retireKey(
  input: { readonly given: string; readonly dryRun: boolean },
  { store, clock }: { store: KeyStore; clock: Clock },
): Promise<KeyRetired> {
  const now = clock.now();
  const keys = await store.listKeys(now);
  const { kid } = findKeyToChange(keys, input.given);
  const result = input.dryRun ? decideRetirement(keys, kid, now).result : await store.retireKey(kid, now);
  return { ...resultOf(result, kid), dryRun: input.dryRun };
}

function resultOf(result: RetirementResult, kid: string): Omit<KeyRetired, "dryRun"> {
  switch (result.outcome) {
    case "retired":
    case "brought_forward":
      return { changed: true, key: result.key };
    case "unchanged":
      return { changed: false, key: result.key };
    case "active":
      throw conflict(result.key, `the key "${kid}" is active: another one has to sign first`, [
        "Sign with the standby, and let this key retire by itself: jwtctl keys rotate",
      ]);
    case "revoked":
      throw conflict(result.key, `the key "${kid}" is revoked, which is final`, []);
    case "only_standby":
      throw conflict(result.key, `the key "${kid}" is the only one that is published ahead`, [
        "Make another standby first: jwtctl keys generate",
      ]);
    case "not_found":
      throw new AppError("key_not_found", `the key "${kid}" has just been deleted`, {
        hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
      });
  }
}

function conflict(key: SigningKey, message: string, hints: readonly string[]): AppError {
  return new AppError("key_state_conflict", message, { hints, data: { kid: key.kid, state: key.state } });
}
