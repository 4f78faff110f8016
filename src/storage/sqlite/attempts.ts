import type { AttemptFacts } from "../../core/authority/ports/store-backend.ts";
import type { ThrottleState } from "../../core/authority/users/throttle.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { nameBucket } from "../digest.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { findUserByName, writeAttempts } from "./users.ts";

/** Attempts at a user's password; those at a name that nobody has are counted with all that share its bucket. */
export function attemptFacts(db: Connection, name: string): AttemptFacts {
  const found = findUserByName(db, name);
  if (found !== null) return { found, attempts: found.attempts };
  const row = db.get<ThrottleState>(
    `SELECT failed_attempts AS attempts, locked_until AS "lockedUntil", last_attempt_at AS "lastAttemptAt"
     FROM unknown_name_attempts WHERE bucket = ?`,
    [bucketOf(db, name)],
  );
  return { found, attempts: row ?? { attempts: 0, lockedUntil: null, lastAttemptAt: null } };
}

/** Inside the write transaction in which the facts were read. */
export function applyAttempt(
  db: Connection,
  name: string,
  { found }: AttemptFacts,
  after: ThrottleState,
): void {
  if (found !== null) {
    writeAttempts(db, found.user.id, after);
    return;
  }
  db.run(
    `INSERT INTO unknown_name_attempts (bucket, failed_attempts, locked_until, last_attempt_at)
     VALUES (@bucket, @attempts, @lockedUntil, @lastAttemptAt) ON CONFLICT (bucket) DO UPDATE
     SET failed_attempts = @attempts, locked_until = @lockedUntil, last_attempt_at = @lastAttemptAt`,
    { bucket: bucketOf(db, name), ...after },
  );
}

function bucketOf(db: Connection, name: string): number {
  const row = db.get<{ salt: Uint8Array }>("SELECT salt FROM unknown_name_salt");
  if (row === undefined) throw corrupt(db.path, "a row that every store has is missing");
  return nameBucket(row.salt, userNameKey(name));
}
