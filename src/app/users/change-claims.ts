import type { UserStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import type { Clock } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { checkDefaultClaims } from "./default-claims.ts";
import { requireUser, userNotFound } from "./find-user.ts";

export interface ChangeClaimsInput {
  readonly name: string;
  /** New claims, and new values of claims that are there. */
  readonly set: JsonObject;
  /** The names of claims that go. */
  readonly remove: readonly string[];
}

export interface ClaimsChanged {
  /** The user's name as it is written in the store. */
  readonly name: string;
  /** False when the claims were like that before. */
  readonly changed: boolean;
  /** All of them, as they are now. */
  readonly claims: JsonObject;
}

/**
 * Changes the claims of a user's access tokens. Tokens that are out keep what they say; the next ones say the new.
 * @throws AppError `user_not_found`; `usage` for protocol claims, for one both set and removed, and for one to remove
 *   that is not there
 */
export async function changeClaims(
  input: ChangeClaimsInput,
  { store, clock }: { store: UserStore; clock: Clock },
): Promise<ClaimsChanged> {
  const set = checkDefaultClaims(input.set);
  const remove = [...new Set(input.remove)];
  const both = remove.find((claim) => set.get(claim) !== undefined);
  if (both !== undefined) {
    throw new AppError("usage", `the claim ${JSON.stringify(both)} is both set and removed`, {
      hints: ["Give it once"],
    });
  }
  const user = await requireUser(input.name, store, clock.now());
  const result = await store.changeClaims({ userId: user.id, set, remove }, clock.now());
  if (result === null) throw userNotFound(input.name);
  if (result.outcome === "no_such_claim") throw noSuchClaim(user.name, result.missing);
  return { name: user.name, changed: result.outcome === "changed", claims: result.claims };
}

function noSuchClaim(user: string, missing: readonly string[]): AppError {
  const names = missing.map((claim) => JSON.stringify(claim)).join(", ");
  return new AppError("usage", `"${user}" has no claim ${names}; nothing was changed`, {
    hints: [`See the claims with: jwtctl users show ${shellWord(user)}`],
  });
}
