import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { JsonObject } from "../../../src/core/base/json/value.ts";
import { certificateHashFaults, otherCertificate } from "../../../src/core/jose/token/certificate-hash.ts";

const sha1 = createHash("sha1").update("a certificate").digest();
const sha256 = createHash("sha256").update("a certificate").digest();
const right = { x5t: sha1.toString("base64url"), "x5t#S256": sha256.toString("base64url") };
const header = (members: Record<string, string>) => new JsonObject(Object.entries(members));
const faults = (members: Record<string, string>) =>
  certificateHashFaults(header(members)).map(({ message }) => message);

describe("the hashes of certificates in a header", () => {
  it("are what they should be", () => {
    expect(faults({ alg: "RS256", ...right })).toEqual([]);
  });

  it.each([
    ["hexadecimal", sha1.toString("hex").toUpperCase(), "hexadecimal"],
    ["hexadecimal with colons", (sha1.toString("hex").match(/../g) ?? []).join(":"), "hexadecimal"],
    [
      "the base64url of hexadecimal",
      Buffer.from(sha1.toString("hex")).toString("base64url"),
      "the base64url of hexadecimal text",
    ],
    ["plain base64", `${sha1.toString("base64")}`, "plain base64"],
  ])("%s: it is said what it is, and what it should be", (_, x5t, how) => {
    const [only] = faults({ x5t });
    expect(only).toBe(
      `x5t is the 20 bytes of a SHA-1 hash in base64url; here it is ${how}: it should be ${right.x5t}`,
    );
  });

  it("SHA-256 in x5t belongs into the other one", () => {
    expect(faults({ x5t: right["x5t#S256"] })[0]).toContain("which belongs into x5t#S256");
    expect(faults({ "x5t#S256": right.x5t })[0]).toContain("which belongs into x5t");
  });

  it("anything else is none", () => {
    expect(faults({ x5t: "k1" })[0]).toContain("and this is none");
  });

  it("are compared with the certificate given", () => {
    expect(otherCertificate(header(right), right)).toBeUndefined();
    expect(otherCertificate(header({}), right)).toBeUndefined();
    const other = { ...right, x5t: createHash("sha1").update("another").digest("base64url") };
    expect(otherCertificate(header({ x5t: other.x5t }), right)).toContain(right.x5t);
  });
});
