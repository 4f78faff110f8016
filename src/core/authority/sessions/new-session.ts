import type { Settings } from "../settings.ts";
import type { User } from "../users/user.ts";
import type { Session } from "./session.ts";

/** A login as it begins. The absolute end is set for good; the idle end is never after it. */
export function beginSession(
  input: { id: string; user: User; clientId: string; settings: Settings },
  now: number,
): Session {
  const { id, user, clientId, settings } = input;
  const expiresAt = now + settings.refresh_max * 1000;
  return {
    id,
    userId: user.id,
    userName: user.name,
    status: "active",
    reason: null,
    clientId,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: Math.min(now + settings.refresh_idle * 1000, expiresAt),
    expiresAt,
    endedAt: null,
    rotations: 0,
  };
}
