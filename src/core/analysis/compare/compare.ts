import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../../jose/algorithms.ts";
import { type Content, objectOf, type TokenPart } from "../../jose/token/content.ts";
import { algOf, type InspectedToken } from "../../jose/token/inspect.ts";
import { type TokenTimes, tokenTimes } from "../../jose/token/times.ts";
import { claimSignificance, headerSignificance, type Significance } from "./significance.ts";
import { relate } from "./values.ts";

/** One member of two tokens. */
export interface Comparison {
  /** A JSON Pointer into the header or the payload; empty for a payload that is no object. */
  readonly where: string;
  /** The pointer in words: `realm_access.roles`. */
  readonly name: string;
  readonly status: "same" | "equivalent" | "changed" | "added" | "removed";
  /** Undefined for what was added. */
  readonly left: JsonValue | undefined;
  /** Undefined for what was removed. */
  readonly right: JsonValue | undefined;
  /** How they differ, in words, when the values alone do not show it. May quote foreign text. */
  readonly how?: string;
  /** Undefined when the values are the same, and for members that verifiers do not look at. */
  readonly significance?: Significance;
}

export interface TokenComparison {
  readonly header: readonly Comparison[];
  readonly payload: readonly Comparison[];
  readonly times: { readonly left: TokenTimes | undefined; readonly right: TokenTimes | undefined };
  readonly signature: SignatureComparison;
  /** Whether header and payload have the same content, whatever the form of the token. */
  readonly same: boolean;
}

export interface SignatureComparison {
  readonly status: "same" | "different" | "missing" | "encrypted";
  /** What that means, without a final full stop. */
  readonly meaning: string;
  /** The signatures are the same and the contents are not: a verifier accepts at most one of the tokens. */
  readonly twoContents?: true;
}

/**
 * Compares two tokens member by member. Neither is verified.
 *
 * @param ignore names of members that are left out
 * @param now ms
 */
export function compareTokens(
  left: InspectedToken,
  right: InspectedToken,
  { ignore, now }: { ignore: ReadonlySet<string>; now: number },
): TokenComparison {
  const header = compareParts(left.header, right.header, ignore, (name) => headerSignificance(name));
  const payload = compareParts(left.payload, right.payload, ignore, (name, first, second) =>
    claimSignificance(name, first, second, now),
  );
  const times = (token: InspectedToken) => {
    const claims = objectOf(token.payload?.content);
    return claims && tokenTimes(claims, now);
  };
  return {
    header,
    payload,
    times: { left: times(left), right: times(right) },
    signature: compareSignatures(left, right),
    same: [...header, ...payload].every(({ status }) => status === "same" || status === "equivalent"),
  };
}

type Judge = (
  name: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
) => Significance | undefined;

function compareParts(
  left: TokenPart | undefined,
  right: TokenPart | undefined,
  ignore: ReadonlySet<string>,
  judge: Judge,
): readonly Comparison[] {
  const [first, second] = [objectOf(left?.content), objectOf(right?.content)];
  if (first && second) {
    const only = (object: JsonObject) => new JsonObject(object.members.filter(([name]) => !ignore.has(name)));
    return compareObjects(only(first), only(second), [], judge);
  }
  const [before, after] = [partValue(left?.content), partValue(right?.content)];
  if (before === undefined && after === undefined) return [];
  return [compareMember([], before, after, () => undefined)];
}

/** The content of a part as one JSON value; other text as a string. */
function partValue(content: Content | undefined): JsonValue | undefined {
  if (content === undefined) return undefined;
  if (content.kind === "json") return content.value;
  return content.kind === "text" ? content.text : "(bytes that are not text)";
}

/** Members in the order of the first, then those that only the second has. */
function compareObjects(
  left: JsonObject,
  right: JsonObject,
  path: readonly string[],
  judge: Judge,
): readonly Comparison[] {
  const names = new Set([...left.members, ...right.members].map(([name]) => name));
  return [...names].flatMap((name) => {
    const [first, second] = [left.get(name), right.get(name)];
    const place = [...path, name];
    const inside = first instanceof JsonObject && second instanceof JsonObject;
    if (!inside || first.members.length + second.members.length === 0) {
      return [compareMember(place, first, second, judge)];
    }
    return compareObjects(first, second, place, judge);
  });
}

function compareMember(
  path: readonly string[],
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  judge: Judge,
): Comparison {
  const place = {
    where: path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    name: path.join("."),
    left,
    right,
  };
  const relation = relationOf(path.at(-1) ?? "", left, right);
  if (relation.status === "same") return { ...place, status: "same" };
  if (relation.status === "equivalent") return { ...place, ...relation, ...formSignificance(place.name) };
  // A nested member has the significance of the claim it is in.
  const own = path.length === 1;
  const significance = judge(path[0] ?? "", own ? left : undefined, own ? right : undefined);
  return { ...place, ...relation, ...(significance === undefined ? {} : { significance }) };
}

/** For an equal value in another form: significant only for claims of which some verifiers accept one form alone. */
function formSignificance(name: string): { readonly significance?: Significance } {
  if (name !== "aud") return {};
  const why = "the same audience: both forms are allowed, and some verifiers know only one of them";
  return { significance: { verification: true, why } };
}

function relationOf(name: string, left: JsonValue | undefined, right: JsonValue | undefined) {
  if (left === undefined) return { status: "added" } as const;
  return right === undefined ? ({ status: "removed" } as const) : relate(name, left, right);
}

function compareSignatures(left: InspectedToken, right: InspectedToken): SignatureComparison {
  if (left.encrypted || right.encrypted) {
    return { status: "encrypted", meaning: "what is encrypted cannot be compared without its key" };
  }
  const [first, second] = [left.signature?.text ?? "", right.signature?.text ?? ""];
  if (first === "" || second === "") {
    const whose =
      first === second ? "neither token has one" : `the ${first === "" ? "first" : "second"} token has none`;
    return { status: "missing", meaning: whose };
  }
  const sameInput = left.segments.slice(0, 2).join(".") === right.segments.slice(0, 2).join(".");
  if (first === second) {
    return sameInput
      ? { status: "same", meaning: "the tokens are the same, character for character" }
      : {
          status: "same",
          meaning: "one signature for two contents: at most one of them can be genuine",
          twoContents: true,
        };
  }
  if (!sameInput) return { status: "different", meaning: "as it must be: a signature fits one content only" };
  return { status: "different", meaning: twoSignatures(algOf(left)) };
}

/** Why two tokens with the same header and payload can have two signatures. */
function twoSignatures(alg: string | undefined): string {
  const family = isJwsAlgorithm(alg) ? ALGORITHM_TRAITS[alg].family : undefined;
  if (family === "ecdsa" || family === "rsa-pss" || family === "ml-dsa") {
    return `the same content: signed twice (${alg} makes another signature each time), or one of them is forged`;
  }
  return "the same content: signed with different keys, or one of them is forged";
}
