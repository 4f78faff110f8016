import { AppError } from "../../core/base/errors.ts";
import type { JsonMember } from "../../core/base/json/value.ts";
import { parseDuration } from "../../core/base/time/duration.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import {
  type ClaimsDocument,
  type GivenMembers,
  jqWithout,
  parseClaims,
  parseClaimsDocument,
} from "../../core/jose/minting/claims-input.ts";
import { JSON_DOCUMENT, type MintRequest } from "../../core/jose/minting/mint.ts";
import type { Context } from "../context.ts";
import { readText } from "../input.ts";

/** What the claims and the header are made of. False stands for `--no-…`. */
export interface ClaimOptions {
  readonly claim?: readonly string[];
  readonly sub?: string;
  readonly iss?: string | false;
  readonly aud?: readonly string[] | false;
  readonly jti?: string;
  readonly ttl?: string;
  readonly exp?: string | false;
  readonly nbf?: string;
  readonly iat?: string | false;
  readonly typ?: string;
  readonly header?: readonly string[];
}

/** Flags and JSON as one request. @throws AppError `usage`, `json_malformed`, `file_unreadable` */
export async function mintRequest(
  context: Context,
  chosen: ClaimOptions,
  given: string | undefined,
): Promise<MintRequest> {
  if (chosen.exp === false && chosen.ttl !== undefined) {
    throw new AppError("usage", "--ttl and --no-exp contradict each other");
  }
  const document =
    given === undefined ? undefined : parseClaimsDocument(await readText(context, given, "claims"));
  const members = flagMembers(context, chosen);
  const json = document === undefined ? [] : [documentClaims(document)];
  const added = parseClaims(chosen.claim ?? []).members;
  refuseLeftOut(chosen, [...json, { source: "--claim", members: added }]);
  // A decoded token that is given back is signed as it says: what it lacks, it lacks on purpose.
  const isWhole = document?.header !== undefined;
  return {
    claims: [...json, ...members, { source: "--claim", members: added }],
    header: [...documentHeader(document?.header?.members), ...flagHeader(chosen.header)],
    typ: chosen.typ ?? (isWhole && !document?.header?.has("typ") ? "" : undefined),
    ttl: chosen.ttl === undefined ? undefined : parseDuration(chosen.ttl, "--ttl"),
    add: {
      iat: !isWhole && chosen.iat !== false,
      exp: !isWhole && chosen.exp !== false,
      iss: !isWhole && chosen.iss !== false,
      aud: !isWhole && chosen.aud !== false,
    },
  };
}

/** What is left out cannot be given. To take it out of the JSON would be a guess, and to keep it another one. */
function refuseLeftOut(chosen: ClaimOptions, given: readonly GivenMembers[]): void {
  for (const name of ["iss", "aud", "exp", "iat"] as const) {
    if (chosen[name] !== false) continue;
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

function flagMembers(context: Context, chosen: ClaimOptions): readonly GivenMembers[] {
  const { iss, sub, aud, jti } = chosen;
  const time = {
    now: context.now(),
    utcOffset: (instant: number) => context.runtime.platform.utcOffset(instant),
  };
  const date = (flag: string, text: string | false | undefined) =>
    typeof text === "string" ? wholeSeconds(context, parseInstant(text, flag, time), flag) : undefined;
  const audience = aud === undefined || aud === false ? undefined : aud.length === 1 ? aud[0] : aud;
  const values = {
    iss: iss === false ? undefined : iss,
    sub,
    aud: audience,
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
function wholeSeconds(context: Context, instant: number, flag: string): number {
  const seconds = Math.floor(instant / 1000);
  // What was typed had a fraction; what is relative to now has the clock's.
  if (seconds * 1000 !== instant && (instant - context.now()) % 1000 !== 0) {
    context.note(`${flag} was cut to whole seconds: ${seconds}`);
  }
  return seconds;
}

/** The algorithm and the kid are those of the key that signs, not those of the key that signed. */
function documentHeader(members: readonly JsonMember[] | undefined): readonly GivenMembers[] {
  if (members === undefined) return [];
  const kept = members.filter(([name]) => name !== "alg" && name !== "kid");
  return [{ source: JSON_DOCUMENT, members: kept, within: ".header" }];
}

function flagHeader(given: readonly string[] | undefined): readonly GivenMembers[] {
  return [{ source: "--header", members: parseClaims(given ?? [], "--header").members }];
}
