import { describe, expect, it } from "vitest";
import { readJson } from "../../../src/core/base/json/read.ts";
import { ExactNumber, type JsonObject } from "../../../src/core/base/json/value.ts";
import { tokenTimes } from "../../../src/core/jose/token/times.ts";

const NOW = 1_000_000;

function times(text: string, now = NOW) {
  const reading = readJson(text);
  if (!reading.ok) throw new Error(reading.reason);
  return tokenTimes(reading.value as JsonObject, now);
}

describe("tokenTimes", () => {
  it("finds the registered dates in the order of the payload", () => {
    const { claims } = times('{"updated_at":5,"exp":2000,"sub":"x","auth_time":1.5,"toe":7,"my_date":9}');
    expect(claims.map(({ name, seconds, instant }) => [name, seconds, instant])).toEqual([
      ["updated_at", 5, 5000],
      ["exp", 2000, 2_000_000],
      ["auth_time", 1.5, 1500],
      ["toe", 7, 7000],
    ]);
  });

  it("says whether the token has expired, to the millisecond", () => {
    expect(times('{"exp":1000}', 999_999).expired).toBe(false);
    expect(times('{"exp":1000}', 1_000_000).expired).toBe(true);
    expect(times("{}").expired).toBeUndefined();
  });

  it("says whether the token is not valid yet", () => {
    expect(times('{"nbf":1001}').notYetValid).toBe(true);
    expect(times('{"nbf":1000}').notYetValid).toBe(false);
    expect(times("{}").notYetValid).toBeUndefined();
  });

  it("measures the lifetime from iat, or else from nbf", () => {
    expect(times('{"iat":100,"nbf":50,"exp":1000}').lifetime).toEqual({ start: 100, end: 1000 });
    expect(times('{"nbf":50,"exp":1000}').lifetime).toEqual({ start: 50, end: 1000 });
    expect(times('{"exp":1000}').lifetime).toBeUndefined();
  });

  it("leaves out what is no finite number, and gives no instant for what no calendar has", () => {
    expect(times('{"exp":"1000","nbf":1e999,"iat":null}').claims).toEqual([]);
    expect(times('{"exp":1e300}').claims).toEqual([
      { name: "exp", value: new ExactNumber("1e300"), seconds: 1e300, instant: undefined },
    ]);
  });

  it("takes the last of two dates of one name, as most readers do", () => {
    expect(times('{"exp":1,"exp":2000}').expired).toBe(false);
  });
});
