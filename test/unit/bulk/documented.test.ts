import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBatchProcessor } from "../../../src/app/bulk/process-batch.ts";
import { trustGivenKeys } from "../../../src/app/token/verify-token.ts";
import type { LineTask } from "../../../src/core/analysis/bulk/batch.ts";
import { textDigest } from "../../../src/crypto/digest.ts";
import { createBulkJws } from "../../../src/crypto/jws-bulk.ts";
import { ENTRIES } from "../../../src/output/bulk/entries.ts";
import { segment, unsignedToken } from "../token/make.ts";
import { candidate, secretKey, signed } from "../token/node-jws.ts";

const ROOT = join(import.meta.dirname, "../../..");
const KEY = secretKey("a secret of thirty-two bytes, yes", { kid: "k" });
const OPTIONS = {
  ...{ leeway: 0, algorithms: [], types: [], issuers: [], audiences: [], require: [], tryAll: false },
};

async function entriesOf(task: LineTask, lines: readonly string[]): Promise<readonly object[]> {
  const ports = {
    entries: ENTRIES,
    trust: trustGivenKeys([candidate(KEY)]),
    jws: createBulkJws(),
    digest: textDigest,
  };
  const batch = { firstLine: 1, bytes: Buffer.from(lines.join("\n")), tooLong: false };
  const { entries } = await createBatchProcessor(task, ports)(batch, Date.UTC(2026, 2, 1));
  return Buffer.from(entries)
    .toString()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as object);
}

/** The names in an entry, at any depth, but not those of the token's own. */
function membersOf(entry: object): readonly string[] {
  return Object.entries(entry).flatMap(([name, value]) => {
    if (name === "header" || name === "payload") return [name];
    const inside = Array.isArray(value) ? value : [value];
    return [
      name,
      ...inside.flatMap((one) => (typeof one === "object" && one !== null ? membersOf(one) : [])),
    ];
  });
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

describe("docs/bulk.md", () => {
  it("has every member of the entries", async () => {
    const bytes = (...values: number[]) => segment(Uint8Array.of(...values));
    const entries = [
      ...(await entriesOf({ kind: "decode" }, [
        `Bearer ${unsignedToken({ alg: "none" }, { sub: "bob" }, "")} and ${unsignedToken({ alg: "HS256" }, {})}`,
        unsignedToken("text", "{}"),
        unsignedToken({ alg: "HS256" }, "text"),
        `${bytes(255)}.${segment("{}")}.c2ln`,
        `${segment({ alg: "HS256" })}.${bytes(255)}.c2ln`,
        `${segment({ alg: "dir", enc: "A256GCM" })}..aXY.Y2lwaGVy.dGFn`,
        "garbage",
      ])),
      ...(await entriesOf({ kind: "verify", options: OPTIONS, at: undefined }, [
        `"${await signed({ alg: "HS256", kid: "k" }, { sub: "bob" }, KEY, "HS256")}"`,
        unsignedToken({ alg: "HS256", kid: "k" }, { sub: "bob" }),
        `${await signed({ alg: "HS256", kid: "k" }, { sub: "bob" }, KEY, "HS256")}~`,
        "garbage",
      ])),
    ];
    const members = new Set(entries.flatMap((entry) => membersOf(entry)));
    expect(members.size).toBe(23);
    const documentation = readFileSync(join(ROOT, "docs/bulk.md"), "utf8");
    const isThere = (member: string) =>
      new RegExp(`\`${member}\`|\`\\{[^}]*\\b${member}\\b`).test(documentation);
    expect([...members].filter((member) => !isThere(member))).toEqual([]);
  });

  it("names the limits of the code", () => {
    expect(read("docs/bulk.md")).toContain("1 MiB");
    expect(read("src/core/analysis/bulk/batch.ts")).toContain("MAX_LINE_BYTES = 1024 * 1024;");
    expect(read("docs/bulk.md")).toContain("ten seconds");
    expect(read("src/app/bulk/trust-cache.ts")).toContain("LIFETIME = 10_000;");
  });
});
