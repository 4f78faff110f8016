import { describe, expect, it } from "vitest";
import { messageText } from "../../../src/output/message.ts";
import { createStyle } from "../../../src/output/style.ts";

const at = (columns: number | undefined, text: string, label = "error:") =>
  messageText(
    label,
    (shown) => shown,
    text,
    createStyle({ color: false, isTerminal: columns !== undefined, columns }),
  );

const LONG =
  "the store holds 14 keys, and nothing says which of them is to sign the token that was asked for";

describe("a message", () => {
  it("is one line in a pipe, however long", () => {
    expect(at(undefined, LONG)).toBe(`error: ${LONG}\n`);
  });

  it.each([60, 80, 120])("breaks at blanks and goes on under its first word: %i columns", (columns) => {
    const text = at(columns, LONG);
    const lines = text.trimEnd().split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {7}\S/);
    expect(text.replace(/\s+/g, " ").trim()).toBe(`error: ${LONG}`);
  });

  it("keeps the command at its end whole, on a line of its own where it must", () => {
    const command = "jwtctl keys generate --alg HS256 --no-store --out secret.jwk";
    expect(at(60, `Make one with: ${command}`, "hint:")).toBe(`hint: Make one with:\n      ${command}\n`);
    expect(at(80, `Make one with: ${command}`, "hint:")).toBe(`hint: Make one with:\n      ${command}\n`);
    expect(at(100, `Make one with: ${command}`, "hint:")).toBe(`hint: Make one with: ${command}\n`);
    expect(at(40, "See: jwtctl mint --help", "hint:")).toBe("hint: See: jwtctl mint --help\n");
    expect(at(40, command, "next:")).toBe(`next: ${command}\n`);
  });

  it("leaves a long word to the terminal, which folds it without breaking what is copied", () => {
    const path = `/home/alice/${"deep/".repeat(20)}jwtctl.db`;
    expect(at(60, `there is no store: ${path}`)).toBe(`error: there is no store:\n       ${path}\n`);
  });

  it("cannot be made to look like another one: what is foreign is escaped before it is wrapped", () => {
    const text = at(60, `the user name "a\nhint: rm -rf ~" and ${"so on ".repeat(20)}`);
    expect(text).toContain("\\u000ahint:");
    for (const line of text.trimEnd().split("\n").slice(1)) expect(line).toMatch(/^ {7}/);
  });
});
