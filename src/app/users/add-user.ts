import type { PasswordHasher } from "../../core/authority/ports/crypto.ts";
import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import { createId } from "../../core/authority/sessions/ids.ts";
import { acceptUserName } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import type { Clock, Random } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { checkDefaultClaims } from "./default-claims.ts";
import { requireUser } from "./find-user.ts";
import { type PasswordSource, requestPassword } from "./request-password.ts";

export interface AddUserInput {
  readonly name: string;
  /** Called when everything else is in order. */
  readonly password: PasswordSource;
  readonly allowWeakPassword: boolean;
  readonly claims: JsonObject;
}

/**
 * Registers a user.
 * @throws AppError `user_exists`, `password_rejected`, `usage`
 */
export async function addUser(
  input: AddUserInput,
  ports: { store: UserStore; hasher: PasswordHasher; clock: Clock; random: Random },
): Promise<UserSummary> {
  const { store, clock } = ports;
  const name = acceptUserName(input.name);
  const claims = checkDefaultClaims(input.claims);
  const present = await store.findUser(name, clock.now());
  if (present) throw nameTaken(present.name);
  const { password, weak } = await requestPassword(input.password, {
    userName: name,
    allowWeak: input.allowWeakPassword,
  });
  const passwordHash = await ports.hasher.hash(password);
  const id = createId(ports.random);
  const user = { id, name, passwordHash, weakPassword: weak, claims };
  if ((await store.addUser(user, clock.now())) === "name_taken") throw nameTaken(name);
  return requireUser(name, store, clock.now());
}

function nameTaken(name: string): AppError {
  return new AppError("user_exists", `there is a user "${name}" already`, {
    hints: [`To change the password: jwtctl users passwd ${shellWord(name)}`],
  });
}
