import type { LoginStore, RevocationTarget, UserStore } from "../../core/authority/ports/store.ts";
import { requireUser } from "../users/find-user.ts";
import { findLogin } from "./find-login.ts";
import { loginOfToken } from "./log-out.ts";
import type { SessionPorts } from "./ports.ts";

/** Which logins are to end. */
export type RevokeInput =
  /** Ids, or beginnings of ids. */
  | { readonly ids: readonly string[] }
  | { readonly user: string }
  /** A refresh token, used or not. */
  | { readonly token: string }
  /** Every login; `confirm` is told how many are active, and throws when it is not meant. */
  | { readonly all: { readonly confirm: (active: number) => Promise<void> } };

/**
 * Ends logins. What has ended already stays as it is. With several ids, either all of them are found or none is
 * revoked.
 *
 * @returns the ids of the logins that were active until now
 * @throws AppError `user_not_found`, `refresh_malformed`, `refresh_unknown`, those of {@link findLogin}
 */
export async function revokeLogins(
  input: RevokeInput,
  ports: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<readonly string[]> {
  const target = await targetOf(input, ports);
  return ports.store.revokeLogins(target, "revoked", ports.clock.now());
}

async function targetOf(
  input: RevokeInput,
  ports: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<RevocationTarget> {
  const { store, clock } = ports;
  if ("user" in input) return { userId: (await requireUser(input.user, store, clock.now())).id };
  if ("token" in input) return { logins: [(await loginOfToken(input.token, ports)).id] };
  if ("all" in input) {
    await input.all.confirm(await countActive(store, clock.now()));
    return { all: true };
  }
  const logins = new Set<string>();
  for (const given of input.ids) logins.add((await findLogin(given, store, clock.now())).id);
  return { logins: [...logins] };
}

/** Every active login has a user: to remove one ends their logins. */
async function countActive(store: LoginStore & UserStore, now: number): Promise<number> {
  const users = await store.listUsers(now);
  return users.reduce((sum, { activeLogins }) => sum + activeLogins, 0);
}
