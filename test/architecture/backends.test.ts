import { expect, it } from "vitest";
import { readSource, sourceFiles } from "./source-files.ts";

/** What reads and writes rows: closed lists to check them by, the forms of names, and the check of a whole log. */
const ROW_HELPERS = [
  "AUDIT_ORIGIN",
  "ChainCheck",
  "KEY_STATES",
  "readDetails",
  "USER_STATUSES",
  "formerUserNameKey",
  "userNameKey",
];

/** The values that a file takes from core/authority; types and ports are for everybody. */
function authorityValues(file: string): string[] {
  const imports = readSource(file).matchAll(/^import\s+(type\s+)?([^"']*?)\s+from\s+"([^"]+)";/gm);
  return [...imports]
    .filter(([, typeOnly, , from = ""]) => typeOnly === undefined && from.includes("/core/authority/"))
    .flatMap(([, , names = ""]) => names.replace(/^\{|\}$/g, "").split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));
}

it("a backend decides nothing about keys and sessions: it takes rows, types and ports from core", () => {
  const backends = sourceFiles().filter(
    (file) => file.startsWith("storage/") && !file.startsWith("storage/engine/"),
  );
  expect(backends.filter((file) => file.startsWith("storage/sqlite/")).length).toBeGreaterThan(10);
  const deciding = backends.flatMap((file) =>
    authorityValues(file)
      .filter((name) => !ROW_HELPERS.includes(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(deciding).toEqual([]);
});

it("a decision is made in one place: what core decides is asked by the engine, and by dry runs", () => {
  const asking = sourceFiles().filter(
    (file) => !file.startsWith("core/") && /\bdecide[A-Z]\w*\(/.test(readSource(file)),
  );
  expect(asking.filter((file) => !/^(storage\/engine|app)\//.test(file))).toEqual([]);
});
