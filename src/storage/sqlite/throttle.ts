import { type ThrottleState, UNTRIED } from "../../core/authority/users/throttle.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import type { AttemptsPlace } from "../attempts.ts";
import { nameBucket } from "../digest.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";

const COLUMNS =
  'failed_attempts AS attempts, locked_until AS "lockedUntil", last_attempt_at AS "lastAttemptAt"';
const SET = "failed_attempts = @attempts, locked_until = @lockedUntil, last_attempt_at = @lastAttemptAt";

/** The attempts at a user's password. To be written inside a write transaction. */
export function userAttempts(db: Connection, id: string): AttemptsPlace {
  const state = db.get<ThrottleState>(`SELECT ${COLUMNS} FROM users WHERE id = ?`, [id]);
  return {
    state: state ?? UNTRIED,
    write: (after) => {
      db.run(`UPDATE users SET ${SET} WHERE id = @id`, { id, ...after });
    },
  };
}

/** The attempts at a name that nobody has, and at those that share its bucket. */
export function unknownNameAttempts(db: Connection, name: string): AttemptsPlace {
  const row = db.get<{ salt: Uint8Array }>("SELECT salt FROM unknown_name_salt");
  if (row === undefined) throw corrupt(db.path, "a row that every store has is missing");
  const bucket = nameBucket(row.salt, userNameKey(name));
  const sql = `SELECT ${COLUMNS} FROM unknown_name_attempts WHERE bucket = ?`;
  return {
    state: db.get<ThrottleState>(sql, [bucket]) ?? UNTRIED,
    write: (after) => {
      db.run(
        `INSERT INTO unknown_name_attempts (bucket, failed_attempts, locked_until, last_attempt_at)
         VALUES (@bucket, @attempts, @lockedUntil, @lastAttemptAt) ON CONFLICT (bucket) DO UPDATE SET ${SET}`,
        { bucket, ...after },
      );
    },
  };
}
