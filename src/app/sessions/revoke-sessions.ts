import type { RevocationTarget } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import { requireUser } from "../users/find-user.ts";
import { findSession } from "./find-session.ts";
import { sessionOfToken } from "./log-out.ts";
import type { SessionPorts } from "./ports.ts";

/** A beginning that is shorter is a slip too easily to end a session for good. */
const SHORTEST_PREFIX = 4;

function tooShort(given: string): AppError {
  return new AppError("usage", `"${given}" is too short to end a login by`, {
    hints: [`Give ${SHORTEST_PREFIX} characters of the id at least: jwtctl tokens list shows it`],
  });
}

/** Which sessions to revoke. */
export type RevokeInput =
  /** Ids, or beginnings of ids. */
  | { readonly ids: readonly string[] }
  /** Of a user, for a client, or both; `except` is the id of one that goes on. */
  | { readonly user: string; readonly clientId?: string | undefined; readonly except?: string | undefined }
  | { readonly clientId: string }
  /** A refresh token, used or not. */
  | { readonly token: string }
  /** Every session. `confirm` gets the number of active ones and throws to cancel. */
  | { readonly all: { readonly confirm: (active: number) => Promise<void> } };

/**
 * Revokes sessions; ended ones are not changed. With several ids all are found, or none is revoked.
 *
 * @returns the ids of the sessions that were active until now
 * @throws AppError `user_not_found`, `refresh_malformed`, `refresh_unknown`, those of {@link findSession}
 */
export async function revokeSessions(
  input: RevokeInput,
  ports: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<readonly string[]> {
  const target = await targetOf(input, ports);
  return ports.store.revokeSessions(target, "revoked", ports.clock.now());
}

async function targetOf(
  input: RevokeInput,
  ports: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<RevocationTarget> {
  const { store, clock } = ports;
  if ("user" in input) {
    const { user, clientId, except } = input;
    const { id: userId } = await requireUser(user, store, clock.now());
    return { userId, ...(clientId !== undefined && { clientId }), ...(except !== undefined && { except }) };
  }
  if ("clientId" in input) return { clientId: input.clientId };
  if ("token" in input) return { sessions: [(await sessionOfToken(input.token, ports)).id] };
  if ("all" in input) {
    await input.all.confirm(await store.countActiveSessions(clock.now()));
    return { all: true };
  }
  const sessions = new Set<string>();
  for (const given of input.ids) {
    const { id } = await findSession(given, store, clock.now());
    if (given.length < SHORTEST_PREFIX) throw tooShort(given);
    sessions.add(id);
  }
  return { sessions: [...sessions] };
}
