import { describe, expect, it } from "vitest";
import { CATALOG } from "../../../src/cli/catalog.ts";
import { KEY_ENCODINGS } from "../../../src/cli/keys/key-files.ts";
import { THRESHOLDS } from "../../../src/core/analysis/lint/lint.ts";
import { KEY_STATES } from "../../../src/core/authority/keys/signing-key.ts";
import { REVOCATION_REASONS, SESSION_STATUSES } from "../../../src/core/authority/sessions/session.ts";
import { Cli } from "../../support/run.ts";
import { Matcher } from "./match.ts";
import { DECLARATIONS, SECTIONS } from "./page.ts";
import { type Sample, Samples } from "./samples.ts";
import { sampleKeys } from "./samples-keys.ts";
import { sampleSessions } from "./samples-logins.ts";
import { sampleStores } from "./samples-stores.ts";
import { sampleTokens } from "./samples-tokens.ts";

const COMMANDS = CATALOG.map(({ path }) => path.join(" "));
const matcher = new Matcher(DECLARATIONS);

let running: Promise<readonly Sample[]> | undefined;

/** Everything is run once, by the first test that asks. */
function samples(): Promise<readonly Sample[]> {
  running ??= (async () => {
    const all = new Samples();
    for (const sample of [sampleKeys, sampleSessions, sampleStores, sampleTokens]) await sample(all);
    return all.taken;
  })();
  return running;
}

/** JSON documents that stand one after the other, as `jq` reads them. */
function documents(text: string): unknown[] {
  return text === "" ? [] : text.split(/(?<=^}\n|^\{.*\}\n)/m).map((part) => JSON.parse(part));
}

describe("docs/json.md", () => {
  it("has a section for every command, and for nothing else", () => {
    expect([...SECTIONS.keys()].filter((title) => title !== "" && title !== "stderr")).toEqual(COMMANDS);
  });

  it.each(COMMANDS)("says what jwtctl %s prints", async (command) => {
    const taken = (await samples()).filter((sample) => sample.command === command);
    expect(taken.length, "no sample was taken").toBeGreaterThan(0);
    for (const { type, document, typed } of taken) {
      expect([typed, ...matcher.faults(type, document)]).toEqual([typed]);
      expect([typed, SECTIONS.get(command)]).toEqual([typed, expect.arrayContaining([type])]);
    }
  });

  it("says what is on stderr beside a result: warnings, and nothing that is no JSON", async () => {
    for (const { typed, stderr } of await samples()) {
      for (const document of documents(stderr)) {
        const kinds = ["WarningDocument", "ErrorDocument", "LinesSummary"];
        const faults = kinds.map((kind) => matcher.faults(kind, document));
        expect([typed, stderr, faults.some((list) => list.length === 0)]).toEqual([typed, stderr, true]);
      }
    }
  });

  it.each(COMMANDS)("says what jwtctl %s prints when it is refused", async (command) => {
    const { code, stdout, stderr } = await new Cli().run([
      ...command.split(" "),
      "--no-such-option",
      "--json",
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(matcher.faults("ErrorDocument", JSON.parse(stderr))).toEqual([]);
  });

  it.each([
    ["KeyState", KEY_STATES],
    ["KeyFormat", KEY_ENCODINGS],
    ["LoginStatus", SESSION_STATUSES],
    ["LoginReason", ["idle", "absolute", ...REVOCATION_REASONS]],
    ["Severity", THRESHOLDS.filter((level) => level !== "never")],
  ])("lists every %s there is", (name, values) => {
    const shape = DECLARATIONS.get(name);
    const listed = shape?.kind === "one" ? shape.of.map((part) => part.kind === "literal" && part.value) : [];
    expect(listed.toSorted()).toEqual([...values].toSorted());
  });

  it("promises nothing that does not come", async () => {
    await samples();
    expect(matcher.unseen(DECLARATIONS.keys())).toEqual([]);
  });
});
