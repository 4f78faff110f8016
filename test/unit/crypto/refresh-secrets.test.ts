import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base62, createRefreshSecrets } from "../../../src/crypto/refresh-secrets.ts";
import { countingRandom, refusal } from "./support.ts";

const secrets = createRefreshSecrets(countingRandom());
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ofBytes = (fill: number) =>
  createRefreshSecrets({ bytes: (length) => new Uint8Array(length).fill(fill) });
const randomBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("refresh tokens", () => {
  it("are the prefix, 43 digits of secret and 6 of checksum, whatever the bytes", () => {
    fc.assert(
      fc.property(randomBytes, (secret) => {
        const token = createRefreshSecrets({ bytes: () => secret }).create();
        expect(token).toMatch(/^jwtctl_rt_[0-9A-Za-z]{49}$/);
        expect(secrets.fault(token)).toBeUndefined();
      }),
    );
    expect(ofBytes(0).create()).toBe(`jwtctl_rt_${"0".repeat(43)}4GjFBg`);
    expect(secrets.fault(ofBytes(0).create())).toBeUndefined();
    expect(secrets.fault(ofBytes(255).create())).toBeUndefined();
  });

  it("never collide, and come from the injected randomness", () => {
    const made = Array.from({ length: 1000 }, () => secrets.create());
    expect(new Set(made).size).toBe(1000);
    expect(createRefreshSecrets(countingRandom("s")).create()).toBe(
      createRefreshSecrets(countingRandom("s")).create(),
    );
  });

  it("different bytes make different tokens: no secret is lost in base 62", () => {
    fc.assert(
      fc.property(randomBytes, randomBytes, (first, second) => {
        fc.pre(!Buffer.from(first).equals(second));
        const [a, b] = [first, second].map((secret) =>
          createRefreshSecrets({ bytes: () => secret }).create(),
        );
        expect(a).not.toBe(b);
      }),
    );
  });

  it("any single changed character is noticed", () => {
    for (const token of [secrets.create(), ofBytes(0).create(), ofBytes(255).create()]) {
      for (let index = 0; index < token.length; index++) {
        for (const digit of `${DIGITS}_ -é`) {
          if (digit === token[index]) continue;
          expect(secrets.fault(token.slice(0, index) + digit + token.slice(index + 1))).toBeDefined();
        }
      }
    }
  });

  it("two neighbours swapped, one left out and one doubled are noticed", () => {
    const token = secrets.create();
    for (let index = 10; index < token.length - 1; index++) {
      const [left = "", right = ""] = [token[index], token[index + 1]];
      const swapped = token.slice(0, index) + right + left + token.slice(index + 2);
      if (left !== right) expect(secrets.fault(swapped)).toBe("checksum");
      expect(secrets.fault(token.slice(0, index) + token.slice(index + 1))).toBe("checksum");
      expect(secrets.fault(token.slice(0, index) + left + token.slice(index))).toBe("checksum");
    }
  });

  it.each([
    "",
    "x",
    "eyJhbGciOiJub25lIn0.e30.",
    "JWTCTL_RT_",
    " jwtctl_rt_",
    "ghp_0000000000000000000000000000",
  ])("%j is not one at all", (text) => expect(secrets.fault(text)).toBe("not_a_refresh_token"));

  it("cut off, lengthened or with a line end it is told from something else", () => {
    const token = secrets.create();
    for (const text of ["jwtctl_rt_", token.slice(0, -1), `${token}0`, `${token}\n`, `${token} `]) {
      expect(secrets.fault(text)).toBe("checksum");
    }
  });

  it("are kept as the SHA-256 of their text", () => {
    const token = secrets.create();
    expect(Buffer.from(secrets.hash(token)).toString("hex")).toBe(
      createHash("sha256").update(token).digest("hex"),
    );
  });
});

describe("the sealed successor", () => {
  const parent = secrets.create();
  const successor = secrets.create();

  it("opens with its parent and shows nothing of either", () => {
    const sealed = secrets.seal(parent, successor);
    expect(secrets.open(parent, sealed)).toBe(successor);
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("jwtctl_rt_");
    expect(sealed).toHaveLength(12 + successor.length + 16);
  });

  it("opened with another parent fails: a stolen database opens nothing", async () => {
    const sealed = secrets.seal(parent, successor);
    for (const other of [
      secrets.create(),
      successor,
      "",
      Buffer.from(secrets.hash(parent)).toString("hex"),
    ]) {
      await refusal(() => secrets.open(other, sealed), "store_corrupt");
    }
  });

  it("is sealed anew every time", () => {
    expect(Buffer.from(secrets.seal(parent, successor)).equals(secrets.seal(parent, successor))).toBe(false);
  });

  it("any bit changed, any cut and any bytes at all are refused", async () => {
    const sealed = secrets.seal(parent, successor);
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await refusal(() => secrets.open(parent, changed), "store_corrupt");
      await refusal(() => secrets.open(parent, sealed.subarray(0, index)), "store_corrupt");
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (garbage) => {
        await refusal(() => secrets.open(parent, garbage), "store_corrupt");
      }),
    );
  });
});

describe("base 62", () => {
  it("counts in digits, upper and lower case", () => {
    expect(base62(0n, 3)).toBe("000");
    expect(base62(61n, 1)).toBe("z");
    expect(base62(62n, 2)).toBe("10");
    expect(base62(2n ** 256n - 1n, 43)).toHaveLength(43);
    expect(base62(2n ** 32n - 1n, 6)).toBe("4gfFC3");
  });
});
