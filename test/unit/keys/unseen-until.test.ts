import { describe, expect, it } from "vitest";
import {
  entering,
  JWKS_CACHE_MS,
  type SigningKey,
  unseenUntil,
} from "../../../src/core/authority/keys/signing-key.ts";
import { HOUR, START, sampleKey } from "../../support/store-samples.ts";

const key = (kid: string, state: "standby" | "active" | "retiring", createdAt: number): SigningKey =>
  entering(sampleKey(kid), state, createdAt);

describe("until when verifiers may not know a standby", () => {
  const active = key("active", "active", START);
  const standby = key("standby", "standby", START + HOUR);

  it("for the time that they keep a set", () => {
    const until = START + HOUR + JWKS_CACHE_MS;
    expect(unseenUntil(standby, [standby, active], START + HOUR)).toBe(until);
    expect(unseenUntil(standby, [standby, active], until - 1)).toBe(until);
    expect(unseenUntil(standby, [standby, active], until)).toBeUndefined();
  });

  it("never, when it is as old as the keys that are published", () => {
    const first = key("first", "standby", START);
    expect(unseenUntil(first, [first, active], START)).toBeUndefined();
    expect(unseenUntil(standby, [standby], START + HOUR)).toBeUndefined();
  });

  it("never, as far as a clock that was ahead tells", () => {
    expect(unseenUntil(standby, [standby, active], START)).toBeUndefined();
  });

  it("never for a key that has signed", () => {
    const retiring = key("retiring", "retiring", START + HOUR);
    expect(unseenUntil(retiring, [retiring, active], START + HOUR)).toBeUndefined();
  });
});
