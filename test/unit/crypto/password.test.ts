import { hash } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { createPasswordHasher } from "../../../src/crypto/password.ts";
import { refusal } from "./support.ts";

// The package numbers them in a TypeScript `const enum`, which other compilers cannot read.
const ARGON2I = 1;
const ARGON2ID = 2;

const passwords = createPasswordHasher();

describe("passwords", () => {
  it("are kept as argon2id PHC strings with today's parameters and a salt of their own", async () => {
    const [first, second] = [await passwords.hash("correct horse"), await passwords.hash("correct horse")];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
    expect(first).not.toContain("correct");
  });

  it("verify when they are right, and only then", async () => {
    const phc = await passwords.hash("correct horse");
    expect(await passwords.verify(phc, "correct horse")).toBe(true);
    for (const wrong of ["correct hors", "correct horse ", "Correct horse", "", "correct horse\u0000"]) {
      expect(await passwords.verify(phc, wrong)).toBe(false);
    }
  });

  it("are not truncated: byte 1,024 counts", async () => {
    const long = "x".repeat(1023);
    const phc = await passwords.hash(`${long}a`);
    expect(await passwords.verify(phc, `${long}a`)).toBe(true);
    expect(await passwords.verify(phc, `${long}b`)).toBe(false);
  });

  it("of any characters, NUL included", async () => {
    const password = "пароль 🔑 \u0000 tail";
    const phc = await passwords.hash(password);
    expect(await passwords.verify(phc, password)).toBe(true);
    expect(await passwords.verify(phc, "пароль 🔑 \u0000 other")).toBe(false);
  });

  it("a hash of other software verifies (argon2's own test vector)", async () => {
    // From the test suite of the reference implementation: password "password", salt "somesalt".
    const reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    expect(await passwords.verify(reference, "password")).toBe(true);
    expect(passwords.needsRehash(reference)).toBe(true);
  });

  it("need another hash when any parameter is not today's", async () => {
    expect(passwords.needsRehash(await passwords.hash("x"))).toBe(false);
    const today = { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: ARGON2ID };
    for (const change of [
      { memoryCost: 8192 },
      { memoryCost: 19_457 },
      { timeCost: 3 },
      { parallelism: 2 },
      { algorithm: ARGON2I },
    ]) {
      expect(passwords.needsRehash(await hash("x", { ...today, ...change }))).toBe(true);
    }
  });

  it.each([
    "",
    "plain",
    "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "$argon2id$v=19$m=1",
  ])("what is no argon2 hash (%j) is a damaged store, not a wrong password", async (damaged) => {
    await refusal(passwords.verify(damaged, "x"), "store_corrupt");
    await refusal(() => passwords.needsRehash(damaged), "store_corrupt");
  });

  it.each(["m=4294967295,t=1", "m=8,t=4294967295", "m=2097152,t=2", "m=262144,t=5"])(
    "attack: a hash in the store that takes all memory or all day (%s) is refused before anything is hashed",
    async (cost) => {
      const expensive = `$argon2id$v=19$${cost},p=1$c29tZXNhbHRzb21lc2FsdA$${"A".repeat(43)}`;
      await refusal(passwords.verify(expensive, "x"), "store_corrupt");
      await refusal(() => passwords.needsRehash(expensive), "store_corrupt");
    },
  );

  it("a costly hash as RFC 9106 recommends it for little memory is no damage", () => {
    const costly = `$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$${"A".repeat(43)}`;
    expect(passwords.needsRehash(costly)).toBe(true);
  });

  it("verifyNobody says nothing", async () => {
    expect(await passwords.verifyNobody("anything")).toBeUndefined();
  });
});
