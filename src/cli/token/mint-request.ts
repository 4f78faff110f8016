import { AppError } from "../../core/base/errors.ts";
import { type JsonMember, JsonObject } from "../../core/base/json/value.ts";
import { contentKind } from "../../core/base/text/given-content.ts";
import { parseDuration } from "../../core/base/time/duration.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { PRIVATE_JWK_MEMBERS } from "../../core/jose/jwk.ts";
import {
  type ClaimsDocument,
  type GivenMembers,
  jqWithout,
  parseClaims,
  parseClaimsDocument,
} from "../../core/jose/minting/claims-input.ts";
import { JSON_DOCUMENT, type MintRequest } from "../../core/jose/minting/mint.ts";
import type { Needs } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { notEmpty } from "../global-options.ts";
import { readText } from "../input.ts";
import type { Terminal } from "../terminal.ts";

/** What the claims and the header are made of. */
export const CLAIM_OPTIONS = {
  claim: { value: "name=value", repeatable: true, help: "a claim: name=text or name:=json" },
  sub: { value: "subject", help: "whom the token is about", parse: notEmpty },
  iss: { value: "issuer", help: "who issues it", defaultHelp: "the store's issuer", parse: notEmpty },
  noIss: { help: "leave iss out", conflicts: ["iss"] },
  aud: {
    value: "audience",
    parse: notEmpty,
    repeatable: true,
    help: "for whom it is",
    defaultHelp: "the store's audience",
  },
  noAud: { help: "leave aud out", conflicts: ["aud"] },
  jti: { value: "id", help: "the token's id" },
  ttl: {
    value: "duration",
    help: "how long it lives, as in 5m",
    defaultHelp: "the store's access_ttl, or 15m",
    parse: parseDuration,
  },
  exp: { value: "time", help: "when it expires: ISO 8601, Unix seconds, +1h, -5m" },
  noExp: { help: "never expires", conflicts: ["exp", "ttl"] },
  nbf: { value: "time", help: "not valid before" },
  iat: { value: "time", help: "when it was issued", defaultHelp: "now" },
  noIat: { help: "leave iat out", conflicts: ["iat"] },
  typ: {
    value: "type",
    help: 'the header\'s typ; "" for none, at+jwt for an access token',
    defaultHelp: "JWT",
  },
  header: { value: "name=value", repeatable: true, help: "a header member: name=text or name:=json" },
} as const satisfies DeclaredOptions;

type ClaimOptions = OptionsOf<typeof CLAIM_OPTIONS>;
type RequestPorts = Needs<"terminal" | "files" | "time">;

/** Flags and JSON as one request. @throws AppError `usage`, `json_malformed`, `file_unreadable` */
export async function mintRequest(
  chosen: ClaimOptions,
  given: string | undefined,
  ports: RequestPorts,
): Promise<MintRequest> {
  const text = given === undefined ? undefined : await readText(ports, given, "claims");
  const document = text === undefined ? undefined : claimsIn(text);
  const members = flagMembers(chosen, ports);
  const json = document === undefined ? [] : [documentClaims(document)];
  const added = parseClaims(chosen.claim).members;
  refuseLeftOut(chosen, [...json, { source: "--claim", members: added }]);
  // A decoded token that is given back is signed as it says: what it lacks, it lacks on purpose.
  const isWhole = document?.header !== undefined;
  return {
    claims: [...json, ...members, { source: "--claim", members: added }],
    header: [...documentHeader(document?.header?.members), ...flagHeader(chosen.header)],
    typ: chosen.typ ?? (isWhole && !document?.header?.has("typ") ? "" : undefined),
    ttl: chosen.ttl,
    add: {
      iat: !isWhole && !chosen.noIat,
      exp: !isWhole && !chosen.noExp,
      iss: !isWhole && !chosen.noIss,
      aud: !isWhole && !chosen.noAud,
    },
  };
}

/** The claims of a JSON text. A key file in their place would be signed, and read by everybody. */
function claimsIn(text: string): ClaimsDocument {
  const isKey = !/^\s*[{[]/.test(text) && contentKind(text) === "a private key";
  const document = isKey ? undefined : parseClaimsDocument(text);
  if (document !== undefined && !isPrivateKey(document.claims)) return document;
  throw new AppError("usage", "what is given as the claims is a private key", {
    hints: ["Everybody reads the claims of a token; a key to sign with is given with --key"],
  });
}

/** A private JWK, a set of them, or a file around one; a claim that merely holds a key is the user's business. */
function isPrivateKey(claims: JsonObject): boolean {
  const keys = claims.get("keys");
  const isJwk = (value: unknown) =>
    value instanceof JsonObject && value.has("kty") && PRIVATE_JWK_MEMBERS.some((name) => value.has(name));
  return isJwk(claims) || (Array.isArray(keys) && keys.some(isJwk)) || claims.has("private_key");
}

/** What is left out cannot be given. To take it out of the JSON would be a guess, and to keep it another one. */
function refuseLeftOut(chosen: ClaimOptions, given: readonly GivenMembers[]): void {
  const { noIss, noAud, noExp, noIat } = chosen;
  for (const [name, isLeftOut] of Object.entries({ iss: noIss, aud: noAud, exp: noExp, iat: noIat })) {
    if (!isLeftOut) continue;
    const place = given.find(({ members }) => members.some(([member]) => member === name));
    if (place === undefined) continue;
    throw new AppError("usage", `--no-${name} leaves ${name} out, and ${place.source} gives it`, {
      hints: ["Leave one of them out", ...(place.within === undefined ? [] : [jqWithout(place, [name])])],
    });
  }
}

function documentClaims({ claims, header }: ClaimsDocument): GivenMembers {
  return { source: JSON_DOCUMENT, members: claims.members, within: header === undefined ? "" : ".payload" };
}

function flagMembers(chosen: ClaimOptions, { terminal, time: clock }: RequestPorts): readonly GivenMembers[] {
  const { iss, sub, aud, jti } = chosen;
  const time = clock();
  const date = (flag: string, text: string | undefined) =>
    text === undefined ? undefined : wholeSeconds(parseInstant(text, flag, time), flag, time.now, terminal);
  const values = {
    iss,
    sub,
    aud: aud.length === 0 ? undefined : aud.length === 1 ? aud[0] : aud,
    jti,
    nbf: date("--nbf", chosen.nbf),
    iat: date("--iat", chosen.iat),
    exp: date("--exp", chosen.exp),
  };
  return Object.entries(values).flatMap(([name, value]): readonly GivenMembers[] =>
    value === undefined ? [] : [{ source: `--${name}`, members: [[name, value]] }],
  );
}

/** @param instant ms, perhaps with a fraction */
function wholeSeconds(instant: number, flag: string, now: number, terminal: Terminal): number {
  const seconds = Math.floor(instant / 1000);
  // What was typed had a fraction; what is relative to now has the clock's.
  if (seconds * 1000 !== instant && (instant - now) % 1000 !== 0) {
    terminal.note(`${flag} was cut to whole seconds: ${seconds}`);
  }
  return seconds;
}

/** The algorithm and the kid are those of the key that signs, not those of the key that signed. */
function documentHeader(members: readonly JsonMember[] | undefined): readonly GivenMembers[] {
  if (members === undefined) return [];
  const kept = members.filter(([name]) => name !== "alg" && name !== "kid");
  return [{ source: JSON_DOCUMENT, members: kept, within: ".header" }];
}

function flagHeader(given: readonly string[]): readonly GivenMembers[] {
  return [{ source: "--header", members: parseClaims(given, "--header").members }];
}
