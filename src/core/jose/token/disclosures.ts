import { decodeBase64Url } from "../../base/base64url.ts";
import { MAX_JSON_DEPTH } from "../../base/json/read.ts";
import { type JsonMember, JsonObject, type JsonValue } from "../../base/json/value.ts";
import { objectOf, readContent, stringMember } from "./content.ts";
import type { Finding } from "./finding.ts";
import type { DisclosedParts, InspectedToken } from "./inspect.ts";
import { isList } from "./json-form.ts";

/**
 * The hash of an ASCII text, in base64url.
 *
 * @param algorithm a name of the IANA registry "Named Information Hash Algorithm", as in `sha-256`
 * @returns undefined for a hash that is not known
 */
export type TextDigest = (algorithm: string, text: string) => string | undefined;

/** A disclosure: a claim or an array element that the holder shows (RFC 9901 section 4.2). */
export interface Disclosure {
  /** The encoded disclosure. */
  readonly text: string;
  /** Its digest; undefined when the hash algorithm is unknown. */
  readonly digest: string | undefined;
  /** Salt, name and value; undefined when it cannot be decoded. */
  readonly content: DisclosedContent | undefined;
  /** A JSON Pointer to its place in the claims; undefined when the token does not have its digest. */
  readonly where: string | undefined;
}

export interface DisclosedContent {
  readonly salt: JsonValue;
  /** Undefined for an array element. */
  readonly name: string | undefined;
  readonly value: JsonValue;
}

/** The disclosures of an SD-JWT, applied to its claims. */
export interface Disclosed {
  /** The hash algorithm: `_sd_alg`, or `sha-256`. */
  readonly algorithm: string;
  readonly disclosures: readonly Disclosure[];
  /** The number of digests without disclosure: of hidden claims, or decoys. */
  readonly hidden: number;
  /** The claims with every disclosure in its place (RFC 9901 section 7.1). */
  readonly claims: JsonObject;
  readonly warnings: readonly Finding[];
}

const DEFAULT_HASH = "sha-256";

/** Whether a claims set has digests of disclosures at its top level. */
export function hasDigests(claims: JsonObject | undefined): boolean {
  return claims !== undefined && (claims.has("_sd") || claims.has("_sd_alg"));
}

/**
 * Decodes the disclosures of an SD-JWT and puts each in the place of its digest (RFC 9901 section 7.1). Disclosures
 * that do not fit are reported as warnings; the signature is not verified.
 */
export function applyDisclosures(
  claims: JsonObject,
  parts: DisclosedParts | undefined,
  digest: TextDigest,
): Disclosed {
  const algorithm = stringMember(claims, "_sd_alg") ?? DEFAULT_HASH;
  const written = parts?.disclosures ?? [];
  const read = written.map((text) => ({
    text,
    digest: digest(algorithm, text),
    content: readDisclosure(text),
  }));
  const places = new Places(read);
  const opened = places.open(claims.without("_sd_alg"), "");
  const disclosures = read.map((entry) => ({
    ...entry,
    where: entry.digest === undefined ? undefined : places.placeOf(entry.digest),
  }));
  return {
    algorithm,
    disclosures,
    hidden: places.hidden,
    claims: opened instanceof JsonObject ? opened : claims,
    warnings: [...disclosureWarnings(disclosures, algorithm), ...places.warnings],
  };
}

function disclosureWarnings(disclosures: readonly Disclosure[], algorithm: string): readonly Finding[] {
  if (disclosures.some(({ digest }) => digest === undefined)) {
    const message = `jwtctl does not know the hash ${algorithm}: where the disclosures belong cannot be told`;
    return [{ code: "disclosure_hash_unknown", message }];
  }
  return disclosures.flatMap(({ content, where }, index): readonly Finding[] => {
    const which = `disclosure ${index + 1}`;
    if (content === undefined)
      return [finding("disclosure_unreadable", `${which} is not a list of salt, name and value`)];
    if (where !== undefined) return [];
    return [finding("disclosure_unmatched", `no hash in the token is that of ${which}`)];
  });
}

function finding(code: string, message: string): Finding {
  return { code, message };
}

/** Decodes `[salt, name, value]`, or `[salt, value]` for an array element: JSON in base64url. */
function readDisclosure(text: string): DisclosedContent | undefined {
  const { ok, bytes } = decodeBase64Url(text);
  const content = readContent(bytes);
  if (!ok || content.kind !== "json" || !isList(content.value)) return undefined;
  const [salt, second, third] = content.value;
  if (salt === undefined || second === undefined) return undefined;
  if (content.value.length === 2) return { salt, name: undefined, value: second };
  if (content.value.length !== 3 || third === undefined || typeof second !== "string") return undefined;
  return { salt, name: second, value: third };
}

interface Readable {
  readonly digest: string | undefined;
  readonly content: DisclosedContent | undefined;
}

/** Walks the claims, and the disclosed values in them, and puts each disclosure in its place. */
class Places {
  readonly warnings: Finding[] = [];
  hidden = 0;
  private readonly contents = new Map<string, DisclosedContent>();
  private readonly places = new Map<string, string>();
  private readonly seen = new Set<string>();
  /** Disclosures can be nested: the depth is limited so that no input exhausts the call stack. */
  private depth = 0;

  constructor(disclosures: readonly Readable[]) {
    for (const { digest, content } of disclosures) {
      if (digest !== undefined && content !== undefined) this.contents.set(digest, content);
    }
  }

  placeOf(digest: string): string | undefined {
    return this.places.get(digest);
  }

  open(value: JsonValue, where: string): JsonValue {
    if (!(value instanceof JsonObject) && !isList(value)) return value;
    if (this.depth >= MAX_JSON_DEPTH) {
      this.warn("disclosure_conflict", `disclosures inside disclosures, more than ${MAX_JSON_DEPTH} deep`);
      return value;
    }
    this.depth++;
    const opened = value instanceof JsonObject ? this.openObject(value, where) : this.openList(value, where);
    this.depth--;
    return opened;
  }

  private openObject(object: JsonObject, where: string): JsonObject {
    const members: JsonMember[] = [];
    const names = new Set(object.members.map(([name]) => name));
    for (const [name, value] of object.members) {
      if (name !== "_sd") members.push([name, this.open(value, `${where}/${escaped(name)}`)]);
    }
    const hashes = object.get("_sd");
    for (const hash of isList(hashes) ? hashes : []) {
      const content = this.take(hash);
      if (content?.name === undefined) {
        if (content !== undefined) this.warn("disclosure_conflict", "a claim is disclosed without a name");
        continue;
      }
      const { name, value } = content;
      if (name === "_sd" || name === "..." || names.has(name)) {
        this.warn(
          "disclosure_conflict",
          `the disclosed claim ${name} is there already, or must not be disclosed`,
        );
      }
      names.add(name);
      const place = `${where}/${escaped(name)}`;
      this.places.set(String(hash), place);
      members.push([name, this.open(value, place)]);
    }
    return new JsonObject(members);
  }

  private openList(list: readonly JsonValue[], where: string): JsonValue {
    const items: JsonValue[] = [];
    for (const item of list) {
      const hash = item instanceof JsonObject && item.members.length === 1 ? item.get("...") : undefined;
      const place = `${where}/${items.length}`;
      if (hash === undefined) items.push(this.open(item, place));
      else {
        const content = this.take(hash);
        if (content === undefined) continue;
        if (content.name !== undefined)
          this.warn("disclosure_conflict", "an element of a list is disclosed with a name");
        this.places.set(String(hash), place);
        items.push(this.open(content.value, place));
      }
    }
    return items;
  }

  /** The disclosure of a digest. A repeated digest is reported and used once, so that no value contains itself. */
  private take(hash: JsonValue): DisclosedContent | undefined {
    if (typeof hash !== "string") return undefined;
    if (this.seen.has(hash)) {
      this.warn("digest_repeated", "a hash of a disclosure occurs twice");
      return undefined;
    }
    this.seen.add(hash);
    const content = this.contents.get(hash);
    if (content === undefined) this.hidden++;
    return content;
  }

  private warn(code: string, message: string): void {
    if (!this.warnings.some((warning) => warning.code === code)) this.warnings.push({ code, message });
  }
}

/** A name as a step of a JSON Pointer (RFC 6901). */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The input of `sd_hash`: the SD-JWT up to and including its last tilde (RFC 9901 section 4.3.1). */
export function keyBindingInput(token: InspectedToken): string {
  return `${[token.text, ...(token.disclosed?.disclosures ?? [])].join("~")}~`;
}

/** Whether the `sd_hash` of a Key Binding JWT fits; undefined when it has none, or the hash is unknown. */
export function matchesSdHash(
  proof: InspectedToken,
  bound: string,
  algorithm: string,
  digest: TextDigest,
): boolean | undefined {
  const claimed = stringMember(objectOf(proof.payload?.content), "sd_hash");
  const actual = digest(algorithm, bound);
  return claimed === undefined || actual === undefined ? undefined : claimed === actual;
}
