import Sqlite, { type Database } from "better-sqlite3";
import type { Store } from "../../src/core/authority/ports/store.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  START,
  sampleKey,
  sampleSecret,
  sampleSession,
  sampleStore,
  sampleUser,
  trade,
} from "./store-samples.ts";

/** Fills a store with something of everything, the same every time. */
export async function fillRichly(store: Store): Promise<Store> {
  const encrypted = { form: "encrypted", jwe: "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1cifQ.k.i.c.t" } as const;
  await store.initialise(
    sampleStore({ standby: sampleKey("second", { privateMaterial: encrypted }) }),
    START,
  );
  await store.addKey({ key: sampleSecret("secret"), state: "active", keepPrivate: true }, START + MINUTE);
  await store.reserveSignature("secret", (START + DAY) / 1000, START + MINUTE);
  await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START + HOUR);
  await store.reserveSignature("second", null, START + HOUR);
  await store.addKey(
    { key: sampleKey("theirs", { privateMaterial: null }), state: "retiring" },
    START + HOUR,
  );
  for (const name of ["ada", "Zoë", "gone", "off"]) await store.addUser(sampleUser(name), START + HOUR);
  for (const [index, name] of ["ada", "ada", "Zoë", "gone", "off"].entries()) {
    await store.createSession(sampleSession(`login-${index + 1}`, name, START + HOUR), START + HOUR);
  }
  const later = START + 2 * HOUR;
  await store.removeUser("user-gone", later);
  await store.setUserStatus("user-off", "disabled", later);
  await store.rotateRefreshToken(trade("login-2/1", "login-2/2"), later);
  await store.rotateRefreshToken(trade("login-2/1", "x", { reuseWindow: 0 }), later);
  await store.rotateRefreshToken(trade("login-3/1", "x"), START + 15 * DAY);
  await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), later);
  await store.rotateRefreshToken(trade("login-1/2", "login-1/3"), later);
  return store;
}

/** Everything a store shows as of `now`. */
export async function portrait(store: Store, now: number): Promise<unknown> {
  const sessions = await store.listSessions({}, now);
  const keys = await store.listKeys(now);
  return {
    settings: await store.readSettings(),
    encryption: await store.readEncryption(),
    keys,
    private: await Promise.all(keys.map(({ kid }) => store.readPrivateKey(kid))),
    users: await store.listUsers(now),
    sessions,
    active: await store.listSessions({ status: "active", sort: "last_used" }, now),
    expired: await store.listSessions({ status: "expired", sort: "expires", limit: 2 }, now),
    tokens: await Promise.all(sessions.map(({ id }) => store.listRefreshTokens(id))),
  };
}

/** The tables, indexes and triggers of a database, as SQL. */
export function schemaOf(path: string): string[] {
  return reading(path, (database) =>
    database
      .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name")
      .pluck()
      .all(),
  ) as string[];
}

/** A whole database as SQL that makes it again; the same content gives the same text. */
export function dump(path: string): string {
  return reading(path, (database) => {
    const pragma = (name: string) => `PRAGMA ${name} = ${database.pragma(name, { simple: true })};`;
    const objects = (types: string) =>
      database
        .prepare(`SELECT sql FROM sqlite_schema WHERE type ${types} AND sql IS NOT NULL ORDER BY rowid`)
        .pluck()
        .all()
        .map((sql) => `${sql};`);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      .pluck()
      .all();
    const lines = [
      "PRAGMA journal_mode = WAL;",
      ...["application_id", "user_version"].map(pragma),
      ...objects("<> 'trigger'"),
      ...(tables as string[]).flatMap((table) => rowsOf(database, table)),
      // They would look at the rows above.
      ...objects("= 'trigger'"),
    ];
    return `${lines.join("\n")}\n`;
  });
}

function rowsOf(database: Database, table: string): string[] {
  const columns = database.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[];
  // The one thing that SQLite draws by lot.
  const value = (name: string) => (name === "salt" ? "zeroblob(length(salt))" : name);
  const values = columns.map((name) => `quote(${value(name)})`).join(" || ', ' || ");
  const rows = database.prepare(`SELECT ${values} FROM ${table}`).pluck().all();
  return rows.map((row) => `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${row});`);
}

function reading<T>(path: string, read: (database: Database) => T): T {
  const database = new Sqlite(path, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
