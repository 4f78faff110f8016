import { AppError } from "../../base/errors.ts";
import { type JsonMember, JsonObject, type JsonValue } from "../../base/json/value.ts";
import {
  objectOf,
  rawPart,
  readPart,
  readSegment,
  type Segment,
  stringMember,
  type TokenPart,
} from "./content.ts";
import type { Finding } from "./finding.ts";
import type { InspectedToken, JsonForm, JsonSignature } from "./inspect.ts";
import { tokenWarnings } from "./inspect-warnings.ts";
import { isJweForm, isList } from "./json-form.ts";

/**
 * Decodes a JWS or JWE in JSON serialization, flattened or general, as leniently as a compact one. The result has the
 * first of several signatures or recipients; all are in `json`.
 *
 * @param object for which `isJsonForm` holds
 * @throws AppError `token_malformed` when nothing of it can be decoded
 */
export function inspectJsonForm(object: JsonObject): InspectedToken {
  return isJweForm(object) ? inspectJweForm(object) : inspectJwsForm(object);
}

/** Decodes a JWS in JSON serialization with one of its signatures. @param number of the signature, from 1 */
export function inspectJwsForm(object: JsonObject, number = 1): InspectedToken {
  return readJwsForm(object)(number);
}

/**
 * Decodes the signatures and the payload of a JWS in JSON serialization once, for all of its signatures.
 *
 * @returns gives the token with one of its signatures, counted from 1; `token_malformed` when there is none
 */
export function readJwsForm(object: JsonObject): (number: number) => InspectedToken {
  const repairs: Finding[] = [];
  const signatures = entriesOf(object, "signatures").map((entry) => readSignature(entry, repairs));
  const written = stringMember(object, "payload");
  const decoded = new Map<boolean, TokenPart>();
  const payloadOf = (unencoded: boolean): TokenPart | undefined => {
    if (written === undefined) return undefined;
    const part = decoded.get(unencoded) ?? (unencoded ? rawPart(written) : readPart(written, repairs));
    decoded.set(unencoded, part);
    return part;
  };
  return (number) => withSignature(object, { number, signatures, written, payloadOf, repairs });
}

interface ReadForm {
  readonly number: number;
  readonly signatures: readonly JsonSignature[];
  readonly written: string | undefined;
  /** @param unencoded the signature has `b64: false` (RFC 7797) */
  readonly payloadOf: (unencoded: boolean) => TokenPart | undefined;
  readonly repairs: Finding[];
}

function withSignature(object: JsonObject, form: ReadForm): InspectedToken {
  const { number, signatures, written, repairs } = form;
  const chosen = signatures[number - 1];
  if (chosen === undefined)
    throw new AppError("token_malformed", "there is no signature in this JSON form of a JWS", {
      hints: ["Copy it whole: its signatures member is an empty list"],
    });
  const header = chosen.protected ?? readPart("", repairs);
  const payload = form.payloadOf(objectOf(header.content)?.get("b64") === false);
  const segments = [header.text, written ?? "", chosen.signature.text];
  const json: JsonForm = {
    name: object.has("signatures") ? "general" : "flattened",
    number,
    signatures,
    unprotected: chosen.unprotected,
    recipients: [],
    lossless: chosen.protected !== undefined && chosen.unprotected === undefined && written !== undefined,
  };
  return {
    kind: "jws",
    text: segments.join("."),
    segments,
    header,
    payload,
    signature: chosen.signature,
    encrypted: false,
    repairs,
    warnings: () => [...jwsWarnings(signatures, payload, segments), ...formWarnings(json, written)],
    fault: undefined,
    json,
  };
}

/** The objects with `protected`, `header` and `signature`: those in its list, or the object itself. */
function entriesOf(object: JsonObject, list: string): readonly JsonObject[] {
  const entries = object.get(list);
  if (!isList(entries)) return [object];
  return entries.filter((entry) => entry instanceof JsonObject);
}

function readSignature(entry: JsonObject, repairs: Finding[]): JsonSignature {
  const header = stringMember(entry, "protected");
  const unprotected = entry.get("header");
  return {
    protected: header === undefined || header === "" ? undefined : readPart(header, repairs),
    unprotected: unprotected instanceof JsonObject ? unprotected : undefined,
    signature: readSegment(stringMember(entry, "signature") ?? "", repairs),
  };
}

function jwsWarnings(
  signatures: readonly JsonSignature[],
  payload: TokenPart | undefined,
  segments: readonly string[],
): readonly Finding[] {
  const many = signatures.length > 1;
  return signatures.flatMap((entry, index) => {
    const parts = { header: joseHeader(entry), signature: entry.signature, segments };
    const warnings = tokenWarnings({ ...parts, payload: index === 0 ? payload : undefined });
    const about = (message: string) =>
      many && !/^the payload/.test(message) ? `signature ${index + 1}: ${message}` : message;
    return warnings.map(({ code, message }) => ({ code, message: about(message) }));
  });
}

/** The JOSE header: protected and unprotected members together, no name in both (RFC 7515 section 4). */
function joseHeader({
  protected: header,
  unprotected,
}: Pick<JsonSignature, "protected" | "unprotected">): TokenPart {
  const part = header ?? EMPTY_PART;
  const own = objectOf(part.content);
  if (header !== undefined && (own === undefined || unprotected === undefined)) return part;
  const members: readonly JsonMember[] = [...(own?.members ?? []), ...(unprotected?.members ?? [])];
  const twice = unprotected?.members.filter(([name]) => own?.has(name)).map(([name]) => `/${name}`) ?? [];
  const listed = part.content.kind === "json" ? part.content.duplicates : [];
  return {
    ...part,
    content: {
      kind: "json",
      value: new JsonObject(members),
      duplicates: [...listed, ...twice],
      written: undefined,
    },
  };
}

const EMPTY_SEGMENT: Segment = { text: "", bytes: new Uint8Array(), fault: undefined };
const EMPTY_PART: TokenPart = {
  ...EMPTY_SEGMENT,
  content: { kind: "json", value: new JsonObject(), duplicates: [], written: undefined },
};

function formWarnings({ signatures }: JsonForm, payload: string | undefined): readonly Finding[] {
  const warnings: Finding[] = [
    {
      code: "json_form",
      message: "a JWT is always in the compact form (RFC 7519 section 1): in JSON most verifiers refuse it",
    },
  ];
  if (signatures.some(({ unprotected }) => unprotected !== undefined)) {
    warnings.push({
      code: "unprotected_header",
      message: "the unprotected header is not signed: anyone can change it",
    });
  }
  if (payload === undefined) {
    warnings.push({
      code: "payload_detached",
      message: "the payload is not in the token: it is detached (RFC 7515 appendix F)",
    });
  }
  return warnings;
}

function inspectJweForm(object: JsonObject): InspectedToken {
  const repairs: Finding[] = [];
  const text = (name: string, from: JsonObject | undefined = object) => stringMember(from, name) ?? "";
  const header = readPart(text("protected"), repairs);
  const entries = entriesOf(object, "recipients");
  const recipients = entries.map((entry) => {
    const own = entry.get("header");
    return {
      header: own instanceof JsonObject ? own : undefined,
      encryptedKey: readSegment(text("encrypted_key", entry), repairs),
    };
  });
  const [first] = recipients;
  const shared = object.get("unprotected");
  const unprotected = shared instanceof JsonObject ? shared : undefined;
  const segments = [header.text, first?.encryptedKey.text ?? "", text("iv"), text("ciphertext"), text("tag")];
  const signature: JsonSignature = {
    protected: header.text === "" ? undefined : header,
    unprotected: merged(unprotected, first?.header),
    signature: EMPTY_SEGMENT,
  };
  const json: JsonForm = {
    name: object.has("recipients") ? "general" : "flattened",
    number: 1,
    signatures: [],
    unprotected,
    recipients,
    lossless: signature.unprotected === undefined && recipients.length === 1 && !object.has("aad"),
  };
  return {
    kind: "jwe",
    text: segments.join("."),
    segments,
    header,
    payload: undefined,
    signature: undefined,
    encrypted: true,
    repairs,
    warnings: () =>
      tokenWarnings({
        header: joseHeader(signature),
        payload: undefined,
        signature: undefined,
        segments,
      }),
    fault: undefined,
    json,
  };
}

function merged(first: JsonObject | undefined, second: JsonObject | undefined): JsonObject | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return new JsonObject([...first.members, ...second.members]);
}

/** A header parameter of one signature, from the protected or the unprotected header. */
export function joseMember(entry: JsonSignature, name: string): JsonValue | undefined {
  return objectOf(entry.protected?.content)?.get(name) ?? entry.unprotected?.get(name);
}
