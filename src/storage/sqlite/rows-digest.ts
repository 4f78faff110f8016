import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";

const PIECE = 64 * 1024;

/** SHA-256 of every value of every table: two files of one content have one digest. */
export function rowsDigest(db: Connection): string {
  const hash = createHash("sha256");
  for (const { name } of db.all<{ name: string }>(TABLES)) {
    const columns = db.all<{ name: string }>("SELECT name FROM pragma_table_info(?)", [name]);
    const values = columns.map((column) => `quote(${quoted(column.name)})`).join(" || ',' || ");
    let piece = `${name}\n`;
    // In the order of the table itself, which a copy keeps.
    for (const { row } of db.iterate<{ row: string }>(`SELECT ${values} AS row FROM ${quoted(name)}`)) {
      piece += `${row}\n`;
      if (piece.length < PIECE) continue;
      hash.update(piece);
      piece = "";
    }
    hash.update(piece);
  }
  return hash.digest("hex");
}

const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name";

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
