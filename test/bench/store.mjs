// A store of 1,000,000 refresh tokens beside one of 1,000.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { JWTCTL, pairedRatio, scratch } from "./measure.mjs";
import { PASSWORD, storeWithSession } from "./start-up.mjs";

const SIZES = { small: 1_000, large: 1_000_000 };
export const TOKENS_A_SESSION = 4;
const SESSIONS_A_USER = 25;
const DAY = 86_400_000;

export function store() {
  const small = filledStore("small", SIZES.small);
  const large = filledStore("large", SIZES.large);
  const password = join(scratch(), "password");
  writeFileSync(password, PASSWORD, { mode: 0o600 });
  const work = [
    ["refresh", () => ["refresh"]],
    ["tokens list --user alice", () => ["tokens", "list", "--user", "alice"]],
    ["tokens revoke ID", ({ ids }) => ["tokens", "revoke", ids.pop(), "--yes"]],
    ["login", () => ["login", "alice", "--password-file", password]],
  ];
  const rows = work.map(([name, words]) => {
    const command = (of) => () => [...JWTCTL, ...words(of)];
    const { ratio, a, b } = pairedRatio(command(large), command(small), { envA: large.env, envB: small.env });
    return [name, ms(b), ms(a), ratio.toFixed(2), "<= 1.30", ratio <= 1.3 ? "yes" : "NO"];
  });
  return {
    title: ["at 1,000", "at 1,000,000", "ratio", "promised", "kept"],
    rows,
    notes: ["CPU time (user + system) of the whole process; medians of 21 paired runs."],
  };
}

/**
 * A store with so many refresh tokens of others, beside alice, who is logged in.
 * @param {number} age days since their logins began
 */
export function filledStore(name, tokens, age = 13) {
  const env = storeWithSession(join(scratch(), name));
  const database = new Database(env.JWTCTL_DB);
  database.pragma("synchronous = OFF");
  const ids = fill(database, tokens, age);
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  return { env, ids };
}

/** Rows as jwtctl writes them, spread over some weeks. @returns ids of logins that are still open */
function fill(database, tokens, age) {
  const now = Date.now();
  const insertUser = database.prepare(
    `INSERT INTO users (id, name, name_key, status, password_hash, weak_password, claims, created_at, password_changed_at)
     VALUES (?, ?, ?, 'active', 'none', 0, '{}', ?, ?)`,
  );
  const insertSession = database.prepare(
    `INSERT INTO sessions (id, user_id, user_name, client_id, created_at, last_used_at, idle_expires_at, expires_at,
     rotations) VALUES (?, ?, ?, 'jwtctl', ?, ?, ?, ?, ?)`,
  );
  const insertToken = database.prepare(
    `INSERT INTO refresh_tokens (session_id, seq, hash, created_at, idle_expires_at, consumed_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const ids = [];
  database.transaction(() => {
    let user;
    for (let session = 0; session < tokens / TOKENS_A_SESSION; session++) {
      if (session % SESSIONS_A_USER === 0) {
        user = { id: id(), name: `user${session / SESSIONS_A_USER}` };
        insertUser.run(user.id, user.name, user.name, now - 400 * DAY, now - 400 * DAY);
      }
      const created = now - age * DAY + session;
      const sessionId = id();
      insertSession.run(
        ...[sessionId, user.id, user.name, created, created + (TOKENS_A_SESSION - 1) * DAY],
        ...[created + (TOKENS_A_SESSION + 13) * DAY, created + 90 * DAY, TOKENS_A_SESSION - 1],
      );
      for (let seq = 1; seq <= TOKENS_A_SESSION; seq++) {
        const at = created + (seq - 1) * DAY;
        const consumed = seq < TOKENS_A_SESSION ? at + DAY : null;
        insertToken.run(sessionId, seq, randomBytes(32), at, at + 14 * DAY, consumed);
      }
      if (ids.length < 100) ids.push(sessionId);
    }
  })();
  return ids;
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

function id() {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte & 31]).join("");
}

function ms(seconds) {
  return `${Math.round(seconds * 1000)} ms`;
}
