import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { filledFile, opened } from "../support/store-files.ts";
import { START, sampleUser } from "../support/store-samples.ts";

/** Adds a user as an earlier version did, under the name in lower case. */
function plant(path: string, name: string): void {
  const database = new Sqlite(path);
  database
    .prepare(
      `INSERT INTO users (id, name, name_key, status, password_hash, weak_password, claims, created_at, password_changed_at)
       VALUES (?, ?, ?, 'active', 'hash', 0, '{}', 0, 0)`,
    )
    .run(`user-${name}`, name, name.normalize("NFC").toLowerCase());
  database.close();
}

test("users whom an earlier version took side by side are each found by their own name", async () => {
  const path = await filledFile();
  for (const name of ["Straße", "STRASSE", "ſam"]) plant(path, name);
  const store = await opened(path);
  const found = async (name: string) => (await store.findUser(name, START))?.name;
  expect(await found("straße")).toBe("Straße");
  expect(await found("Strasse")).toBe("STRASSE");
  expect(await found("ſam")).toBe("ſam");
  for (const name of ["STRAßE", "strasse", "ſAM"]) {
    expect(await store.addUser(sampleUser(name, { id: "another" }), START)).toBe("name_taken");
  }
  await store.removeUser("user-STRASSE", START);
  expect(await found("Strasse")).toBeUndefined();
  expect(await found("straße")).toBe("Straße");
});
