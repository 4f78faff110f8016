import { AppError } from "../../../core/base/errors.ts";
import { type JsonMember, JsonObject, type JsonValue } from "../../../core/base/json/value.ts";
import type { Finding } from "../../../core/jose/token/finding.ts";
import { foundKeys } from "../found.ts";
import { soundJwk } from "../jwk-file.ts";
import type { KeyReader } from "../key-reader.ts";
import type { Candidate } from "./json-candidates.ts";
import { type Part, readPart } from "./parts.ts";

/** Reads a value of a JSON document as the key it could be; undefined when it is none after all. */
export async function readCandidate(candidate: Candidate, reader: KeyReader): Promise<Part | undefined> {
  const { kind, value, place, kid } = candidate;
  if (typeof value === "string") {
    if (kind === "secret") return sharedSecret(value, candidate);
    const part = await readPart(value, candidate, reader);
    return part.isKey ? part : undefined;
  }
  try {
    const { object, repair } = asJwk(value);
    const { jwk, notes } = await soundJwk(object, reader.purpose);
    const named = jwk.kid === undefined && kid !== undefined ? { ...jwk, kid } : jwk;
    const repairs = repair === undefined ? [] : [repair];
    return { place, kid, isKey: true, read: foundKeys("jwk", [named], { notes, repairs }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { place, kid, isKey: true, read: error };
  }
}

function sharedSecret(text: string, { place, kid, alg }: Candidate): Part {
  const k = Buffer.from(text, "utf8").toString("base64url");
  const jwk = { kty: "oct", k, ...(alg === undefined ? {} : { alg }), ...(kid === undefined ? {} : { kid }) };
  const notes = [`the text in ${place} was taken as a shared secret, as it is`];
  return { place, kid, isKey: true, read: foundKeys("jwk", [jwk], { notes }) };
}

/** The members of a JWK by the names that .NET gives them. */
const CAPITAL_NAMES: ReadonlyMap<string, string> = new Map([
  ...["Kty", "Kid", "Alg", "Use", "Crv", "X", "Y", "D", "N", "E", "P", "Q", "K", "X5c"].map(
    (name) => [name, name.toLowerCase()] as const,
  ),
  ...([
    ["DP", "dp"],
    ["DQ", "dq"],
    ["QI", "qi"],
    ["KeyOps", "key_ops"],
  ] as const),
]);

const RSA_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ...([
    ["Modulus", "n"],
    ["Exponent", "e"],
    ["D", "d"],
    ["P", "p"],
    ["Q", "q"],
  ] as const),
  ...([
    ["DP", "dp"],
    ["DQ", "dq"],
    ["InverseQ", "qi"],
  ] as const),
]);

function asJwk(object: JsonObject): { object: JsonObject; repair: Finding | undefined } {
  if (object.has("kty")) return { object, repair: undefined };
  if (object.has("Modulus")) {
    const members = renamed(object, RSA_PARAMETERS).map(
      ([name, value]): JsonMember => [name, inBase64Url(value)],
    );
    return {
      object: new JsonObject([["kty", "RSA"], ...members]),
      repair: { code: "rsa_parameters", message: "the key is written as .NET's RSAParameters" },
    };
  }
  return {
    object: new JsonObject(renamed(object, CAPITAL_NAMES)),
    repair: {
      code: "capital_names",
      message: "the member names begin with capitals, as .NET serialises its JsonWebKey; a JWK has kty, n, e",
    },
  };
}

function renamed(object: JsonObject, names: ReadonlyMap<string, string>): readonly JsonMember[] {
  return object.members.flatMap(([name, value]): JsonMember[] => {
    const right = names.get(name);
    return right === undefined ? [] : [[right, value]];
  });
}

function inBase64Url(value: JsonValue): JsonValue {
  return typeof value === "string" ? Buffer.from(value, "base64").toString("base64url") : value;
}
