import { describe, expect, it } from "vitest";
import { usableName } from "../../../src/core/base/file-errors.ts";
import { type UserWorld, userDirectory } from "../../../src/runtime/user-directories.ts";

const world = (changes: Partial<UserWorld>): UserWorld => ({
  env: { HOME: "/home/a" },
  platform: "linux",
  accountHome: () => "/account",
  ...changes,
});
const nobody = () => {
  throw new Error("uv_os_get_passwd returned ENOENT");
};

describe("where things are kept by default", () => {
  it.each([
    ["data", "/home/a/.local/share/jwtctl"],
    ["state", "/home/a/.local/state/jwtctl"],
    ["cache", "/home/a/.cache/jwtctl"],
  ] as const)("%s on Linux", (use, path) => expect(userDirectory(use, world({}))).toBe(path));

  it("is where the XDG base directories say, unless they are relative", () => {
    expect(userDirectory("data", world({ env: { HOME: "/h", XDG_DATA_HOME: "/x" } }))).toBe("/x/jwtctl");
    for (const XDG_DATA_HOME of ["rel", "", "./x", "~/x"]) {
      expect(userDirectory("data", world({ env: { HOME: "/h", XDG_DATA_HOME } }))).toBe(
        "/h/.local/share/jwtctl",
      );
    }
  });

  it.each([["", "rel", "~", undefined]])("HOME=%s is no home: the account's is taken", (HOME) => {
    expect(userDirectory("data", world({ env: { HOME } }))).toBe("/account/.local/share/jwtctl");
  });

  it.each([
    ["data", /--db or JWTCTL_DB/],
    ["state", /JWTCTL_CREDENTIALS/],
    ["cache", /JWTCTL_CACHE_DIR/],
  ] as const)("%s: without any home it is said what to name instead", (use, hint) => {
    for (const accountHome of [nobody, () => ""]) {
      try {
        userDirectory(use, world({ env: {}, accountHome }));
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: "usage", hints: [expect.stringMatching(hint)] });
      }
    }
  });

  it("is where macOS has it", () => {
    const mac = world({ platform: "darwin", env: { HOME: "/Users/a", XDG_DATA_HOME: "/x" } });
    expect(userDirectory("data", mac)).toBe("/Users/a/Library/Application Support/jwtctl");
  });
});

describe("the name of a file", () => {
  it.each(["", "~", "~/x"])("%j is refused", (name) => {
    expect(() => usableName(name)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it.each(["./~/x", "a~", "~x", "-", "/"])("%j is one", (name) => expect(usableName(name)).toBe(name));
});
