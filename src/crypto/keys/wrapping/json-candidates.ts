import { AppError } from "../../../core/base/errors.ts";
import { JsonObject, type JsonValue } from "../../../core/base/json/value.ts";
import { isJwk } from "../jwk-file.ts";

/** A value in a JSON document that could be a key. */
export interface Candidate {
  /** `object`: a JWK, or what a library writes in place of one. `secret`: the text of a shared secret. */
  readonly kind: "object" | "text" | "secret";
  readonly value: JsonObject | string;
  /** For messages: `"data/tls.key"`. */
  readonly place: string;
  readonly kid: string | undefined;
  readonly alg: string | undefined;
  /** What the key is for, as far as the document says: Keycloak's ENC. */
  readonly use: string | undefined;
}

/** No document of keys has more values that look like one. */
const MAX_CANDIDATES = 2_000;

/**
 * The values of a document that could be keys, in its order.
 * @throws AppError `input_too_large` for more than anybody keeps in one document
 */
export function candidatesIn(document: JsonValue): readonly Candidate[] {
  const found: Candidate[] = [];
  const add = (candidate: Candidate) => {
    if (found.length >= MAX_CANDIDATES) {
      throw new AppError(
        "input_too_large",
        `more than ${MAX_CANDIDATES} values in this JSON look like a key`,
        {
          hints: ["Give a file with the keys alone"],
        },
      );
    }
    found.push(candidate);
  };
  // The depth is bounded: the reader of JSON refuses what is nested deeper.
  const visit = (value: JsonValue, path: readonly string[], around: Around) => {
    const about = { place: placeOf(path), ...around };
    if (typeof value === "string") {
      if (couldBeKey(value)) add({ kind: "text", value, ...about });
    } else if (Array.isArray(value)) {
      const text = joinedText(value);
      if (text !== undefined) add({ kind: "text", value: text, ...about });
      else for (const [index, entry] of value.entries()) visit(entry, [...path, `${index + 1}`], around);
    } else if (value instanceof JsonObject) {
      visitObject(value, path, around);
    }
  };
  const visitObject = (object: JsonObject, path: readonly string[], around: Around) => {
    const own = {
      kid: textMember(object, KID_NAMES) ?? around.kid,
      alg: textMember(object, ALG_NAMES),
      use: textMember(object, ["use"]),
    };
    if (isKeyObject(object)) return add({ kind: "object", value: object, place: placeOf(path), ...own });
    const secret = sharedSecret(object, own.alg);
    if (secret !== undefined) {
      return add({ kind: "secret", value: secret.value, place: placeOf([...path, secret.name]), ...own });
    }
    const named = isMapOfKids(object);
    for (const [name, value] of object.members) {
      visit(value, [...path, name], named ? { ...NOTHING, kid: name } : own);
    }
  };
  visit(document, [], NOTHING);
  return found;
}

type Around = Pick<Candidate, "kid" | "alg" | "use">;

const NOTHING: Around = { kid: undefined, alg: undefined, use: undefined };

const KID_NAMES = ["kid", "private_key_id", "keyId", "key_id"];
const ALG_NAMES = ["alg", "algorithm", "type"];

function textMember(object: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object.get(name);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

function placeOf(path: readonly string[]): string {
  return path.length === 0 ? "the top level" : `"${path.map((name) => name.slice(0, 60)).join("/")}"`;
}

/** A JWK, one as .NET serialises it, or .NET's RSAParameters. */
function isKeyObject(object: JsonObject): boolean {
  if (typeof object.get("kty") === "string") return isJwk(object);
  return typeof object.get("Kty") === "string" || typeof object.get("Modulus") === "string";
}

/** Hasura, Kong and UAA give a shared secret as text beside the name of its algorithm. */
function sharedSecret(
  object: JsonObject,
  alg: string | undefined,
): { name: string; value: string } | undefined {
  if (alg === undefined || !/^HS(?:256|384|512)$/.test(alg)) return undefined;
  const names = object.get("kty") === "MAC" ? ["value"] : ["secret", "key"];
  for (const name of names) {
    const value = object.get(name);
    if (typeof value === "string" && value !== "" && !couldBeKey(value)) return { name, value };
  }
  return undefined;
}

/** Words that say what a value is, and not which key it is, where they stand last in its name. */
const WHAT_IT_IS: ReadonlySet<string> = new Set([
  ...[
    "key",
    "keys",
    "cert",
    "certs",
    "certificate",
    "certificates",
    "crt",
    "pem",
    "der",
    "jwk",
    "jwks",
    "chain",
  ],
  ...[
    "secret",
    "secrets",
    "credential",
    "credentials",
    "data",
    "value",
    "body",
    "content",
    "base64",
    "b64",
    "json",
    "string",
    "binary",
    "text",
    "payload",
  ],
]);

function saysWhatItIs(name: string): boolean {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^A-Za-z0-9]+/);
  return WHAT_IT_IS.has((words.at(-1) ?? "").toLowerCase());
}

/** Whether all members are keys under names of their own, as the certificates that Google publishes. */
function isMapOfKids(object: JsonObject): boolean {
  if (object.members.length === 0) return false;
  return object.members.every(([name, value]) => {
    if (name.length > 256 || saysWhatItIs(name)) return false;
    if (value instanceof JsonObject) return isKeyObject(value);
    return typeof value === "string" && couldBeKey(value);
  });
}

/** A PEM text as a list of its lines, or bytes as Node writes a Buffer. */
function joinedText(list: readonly JsonValue[]): string | undefined {
  const [first] = list;
  if (typeof first === "string" && /BEGIN [A-Z ]+-/.test(first) && !first.includes("END ")) {
    return list.every((line) => typeof line === "string") ? list.join("\n") : undefined;
  }
  if (typeof first !== "number" || list.length < 32) return undefined;
  const isByte = (entry: JsonValue) =>
    typeof entry === "number" && Number.isInteger(entry) && entry >= 0 && entry <= 255;
  return list.every(isByte) ? Buffer.from(list as readonly number[]).toString("base64") : undefined;
}

const SHORTEST = 40;

/** Whether a text is worth reading as a key file: by its beginning, which is all that has to be looked at. */
export function couldBeKey(text: string): boolean {
  if (text.length < SHORTEST) return false;
  const start = text.slice(0, 400).trimStart();
  return (
    /BEGIN[ +%][A-Z0-9 +%]{2,60}/.test(start) ||
    /^(?:\{\s*\\*"|\[\s*\{)/.test(start) ||
    /^(?:ssh-(?:rsa|ed25519) |ecdsa-sha2-|(?:77u\/)?LS0t|\/\/4tAC0A|M[CDFHIV][\w+/\s-]{38}|<RSAKeyValue)/.test(
      start,
    ) ||
    /^eyJr[\w+/\s=-]+$/.test(start)
  );
}
