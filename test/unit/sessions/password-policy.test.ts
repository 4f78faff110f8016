import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acceptPassword,
  isPossiblePassword,
  MAX_PASSWORD_BYTES,
  passwordForm,
} from "../../../src/core/authority/users/password-policy.ts";
import { AppError } from "../../../src/core/base/errors.ts";

const accept = (password: string, options: { userName?: string; allowWeak?: boolean } = {}) =>
  acceptPassword(password, { userName: "alice", allowWeak: false, ...options });

function refusal(password: string, options: { userName?: string; allowWeak?: boolean } = {}): AppError {
  try {
    accept(password, options);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`accepted: ${password}`);
}

describe("acceptPassword", () => {
  it.each([
    "seven green kettles hum",
    "kettle-orbit-plum-9",
    "ein schönes Wörterbuch",
    "пароль из четырёх слов",
    "83746592837465 1",
    "🦉🦉🦊🦊🐢🐍🐙🐙🦀🐳🐳🐬🦭🐅🐘",
  ])("takes %s", (password) => {
    expect(accept(password)).toEqual({ password, weak: false });
  });

  it("counts code points: 15 are enough, 14 are not", () => {
    expect(accept("kettle orbit pl").weak).toBe(false);
    expect(refusal("kettle orbit p").message).toBe(
      "the password is too short: it needs at least 15 characters",
    );
    expect(refusal("🦉🦊🐢🐍🐙🦀🐳🐬🦭🐅🐘🦒🦓🦔").message).toContain("too short");
  });

  it("counts after normalisation: letters typed as two code points are one", () => {
    const decomposed = `${"e\u0301".repeat(3)}kettle plum`; // 17 typed, 14 characters
    expect(refusal(decomposed).message).toContain("too short");
    expect(accept(`${decomposed}s`).password).toBe("ééékettle plums");
  });

  it("takes a short one with --allow-weak-password and says that it is weak", () => {
    expect(accept("kettle", { allowWeak: true })).toEqual({ password: "kettle", weak: true });
  });

  it("does not call a password weak that would have been taken anyway", () => {
    expect(accept("seven green kettles hum", { allowWeak: true }).weak).toBe(false);
  });

  it("refuses what is longer than 1,024 bytes instead of cutting it", () => {
    const longest = "plum kettle orbit "
      .repeat(60)
      .slice(0, MAX_PASSWORD_BYTES - 7)
      .concat("é orbit".slice(0, 6));
    expect(new TextEncoder().encode(longest).length).toBe(MAX_PASSWORD_BYTES);
    expect(isPossiblePassword(longest)).toBe(true);
    expect(isPossiblePassword(`${longest}x`)).toBe(false);
    expect(refusal(`${longest}x`).message).toContain("longer than 1024 bytes");
  });

  it.each([
    ["the name", "alice the librarian", "alice the librarian"],
    ["the name in another case", "Alice The Librarian", "aLICE tHE lIBRARIAN"],
    ["the name in another normalisation", "zo\u00e9 the librarian", "zoe\u0301 the librarian"],
    ["the name over and over", "alice", "alicealicealice"],
    ["the name over and over, cut", "alice", "AliceAliceAliceAli"],
    ["the name over and over with blanks", "alice", "alice alice alice"],
  ])("refuses %s", (_, userName, password) => {
    expect(refusal(password, { userName }).message).toBe("the password is the user's name");
    expect(refusal(password, { userName, allowWeak: true }).code).toBe("password_rejected");
  });

  it.each([
    "correct horse battery staple",
    "Correct-Horse-Battery-Staple!",
    "This is my password",
    "passwordpassword",
    "PasswordPassword1",
    "password20242024",
    "Password00000000",
    "12345 password 12345",
    "aaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "123456789012345",
    "987654321098765",
    "abcdefghijklmnop",
    "qwertyuiopasdfgh",
    "mnbvcxzlkjhgfdsa",
    "1qaz2wsx3edc4rfv",
    "!!!!!!!!!!!!!!!!!!",
  ])("refuses what attackers try first: %s", (password) => {
    expect(refusal(password).message).toContain("among the first that attackers try");
    expect(refusal(password, { allowWeak: true }).code).toBe("password_rejected");
  });

  it.each(["password", "hunter2", "letmein", "123456", "qwerty", "Admin1234"])(
    "refuses %s even where weak passwords are allowed",
    (password) => {
      expect(refusal(password, { allowWeak: true }).message).toContain("attackers try");
    },
  );

  it.each(["", "line one\nand line two", "with\ta tabulator here", "escape \u001b[2J sequence"])(
    "refuses %j",
    (password) => {
      expect(refusal(password, { allowWeak: true }).code).toBe("password_rejected");
    },
  );

  it("never repeats the password in what it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 4, maxLength: 14 }), (password) => {
        try {
          accept(`~${password}`);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect([error.message, ...error.hints].join()).not.toContain(`~${password}`);
        }
      }),
    );
  });

  it("answers for any text with a password or a refusal, and what it takes is within the limits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1200 }), fc.boolean(), (text, allowWeak) => {
        try {
          const { password, weak } = accept(text, { allowWeak });
          expect(password).toBe(passwordForm(text));
          expect(weak).toBe([...password].length < 15);
          expect(weak && !allowWeak).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
