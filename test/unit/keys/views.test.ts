import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entering, KEY_STATES, type SigningKey } from "../../../src/core/authority/keys/signing-key.ts";
import { JsonObject } from "../../../src/core/base/json/value.ts";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import { jsonDocument } from "../../../src/output/json.ts";
import { deletedJson, deletedText } from "../../../src/output/keys/deleted-view.ts";
import { plannedFilesText, writtenKeyJson, writtenKeyText } from "../../../src/output/keys/files-view.ts";
import { generatedJson, generatedText } from "../../../src/output/keys/generated-view.ts";
import { importedJson, importedText } from "../../../src/output/keys/imported-view.ts";
import { jwksWrittenText } from "../../../src/output/keys/jwks-view.ts";
import { shownKeyJson, shownKeyText } from "../../../src/output/keys/key-view.ts";
import { lintJson, lintText } from "../../../src/output/keys/lint-view.ts";
import { keyListJson, keyListText } from "../../../src/output/keys/list-view.ts";
import { rotationJson, rotationText } from "../../../src/output/keys/rotation-view.ts";
import {
  activatedText,
  retiredText,
  revokedJson,
  revokedText,
} from "../../../src/output/keys/state-change-view.ts";
import { thumbprintJson, thumbprintText } from "../../../src/output/keys/thumbprint-view.ts";
import { createStyle } from "../../../src/output/style.ts";
import { START, sampleKey } from "../../support/store-samples.ts";

const time = { now: START, utcOffset: () => 0 };
const evil = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\u001b]52;c;cm0=\u0007",
    "\u001b[2J",
    "\u202eevil",
    "a\nb",
    "\u009b31m",
    "\u200b",
    "\ud800",
  ),
);

/** A store that somebody has tampered with: every text in it may be anything. */
const anyKey = fc.record({ kid: evil, formerKid: evil, state: fc.constantFrom(...KEY_STATES) }).map(
  ({ kid, formerKid, state }): SigningKey => ({
    ...entering(sampleKey(kid, { formerKid }), "standby", START),
    state,
    revokedAt: state === "revoked" ? START : null,
  }),
);

function texts(key: SigningKey, text: string, columns: number | undefined): string[] {
  const style = createStyle({ color: false, isTerminal: columns !== undefined, columns });
  const written = {
    kid: key.kid,
    alg: key.alg,
    encoding: "pem",
    encrypted: true,
    privateFile: text,
    publicFile: text,
  } as const;
  const change = { dryRun: false, changed: true, key, active: key, previous: key, standby: key };
  const findings = [{ code: "private_key", key: 1, kid: text, detail: text }] as const;
  const publicJwk = new JsonObject([["kid", text]]);
  return [
    keyListText([key], key.kid, START, style),
    shownKeyText({ key, publicJwk, pem: null }, time, style),
    generatedText(change, time, style),
    rotationText({ outcome: "rotated", ...change }, time, style),
    rotationText({ outcome: "too_young", ...change }, time, style),
    activatedText(change, time, style),
    activatedText({ ...change, changed: false }, time, style),
    retiredText(change, time, style),
    retiredText({ ...change, changed: false }, time, style),
    revokedText({ ...change, revokedSessions: [text] }, time, style),
    revokedText({ ...change, changed: false, revokedSessions: null }, time, style),
    deletedText(
      { dryRun: false, key, consequences: ["tokens_refused", "revocation_forgotten"] },
      time,
      style,
    ),
    importedText(
      {
        dryRun: false,
        keys: [
          { outcome: "added", key },
          { outcome: "present", key },
        ],
        previous: key,
      },
      time,
      style,
    ),
    writtenKeyText(written, style),
    plannedFilesText({ ...written, kid: null }, style),
    jwksWrittenText({ file: text, keys: 1, changed: true }, style),
    thumbprintText(
      { hash: "sha256", keys: [1, 2].map(() => ({ kid: text, thumbprint: "t", uri: "u" })) },
      false,
      style,
    ),
    lintText({ file: text, keys: 1, findings }, style),
  ];
}

function documents(key: SigningKey, text: string): unknown[] {
  const change = { dryRun: false, changed: true, key, active: key, previous: key, standby: key };
  return [
    keyListJson([key]),
    shownKeyJson({ key, publicJwk: new JsonObject([["kid", text]]), pem: text }),
    generatedJson(change),
    rotationJson({ outcome: "rotated", ...change }),
    revokedJson({ ...change, revokedSessions: [text] }),
    deletedJson({ dryRun: false, key, consequences: [] }),
    importedJson({ dryRun: false, keys: [{ outcome: "added", key }], previous: key }),
    writtenKeyJson({
      kid: text,
      alg: key.alg,
      encoding: "pem",
      encrypted: true,
      privateFile: text,
      publicFile: text,
    }),
    thumbprintJson({ hash: "sha256", keys: [{ kid: text, thumbprint: "t", uri: "u" }] }),
    lintJson({ file: text, keys: 1, findings: [{ code: "private_key", key: 1, kid: text, detail: text }] }),
  ];
}

describe("whatever kids and file names hold", () => {
  const unsafe = new RegExp(UNSAFE_CHARACTERS);

  test("no view of keys lets a character through that acts or hides", () => {
    fc.assert(
      fc.property(anyKey, evil, fc.constantFrom(undefined, 40, 80, 120), (key, text, columns) => {
        for (const shown of texts(key, text, columns)) {
          expect(shown.replaceAll("\n", "")).not.toMatch(unsafe);
          expect(shown.endsWith("\n")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("no view breaks a foreign text into lines of its own", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const plain = texts({ ...key, kid: "kid", formerKid: "former" }, "text", undefined);
        const counts = texts(key, "a\nb\r\nc", undefined).map((shown) => shown.split("\n").length);
        expect(counts).toEqual(plain.map((shown) => shown.split("\n").length));
      }),
    );
  });

  test("JSON loses nothing of it", () => {
    fc.assert(
      fc.property(anyKey, evil, (key, text) => {
        for (const value of documents(key, text)) {
          const written = jsonDocument(value);
          expect(written.replaceAll("\n", "")).not.toMatch(unsafe);
        }
        const [listed] = JSON.parse(jsonDocument(keyListJson([key]))) as { kid: string }[];
        expect(listed?.kid).toBe(key.kid);
      }),
    );
  });
});
