import type { JsonObject } from "../../base/json/value.ts";
import type { Finding } from "../../jose/token/finding.ts";
import { quoted } from "../../jose/verification/check.ts";
import { type SensitiveClaim, sensitiveClaims } from "./sensitive-claims.ts";

/** More claims than this are counted, not named. */
const MOST_NAMED = 6;

/** What a token gives away to everyone who has it, for a token is signed and not encrypted: one warning a kind. */
export function sensitiveClaimWarnings(claims: JsonObject | undefined): readonly Finding[] {
  if (claims === undefined) return [];
  const found = sensitiveClaims(claims);
  if (found.length === 0) return [];
  const of = (...kinds: readonly SensitiveClaim["kind"][]) =>
    found.filter(({ kind }) => kinds.includes(kind));
  return [
    ...warning(
      "secret_readable",
      of("named", "secret"),
      "no secret belongs in a token: whoever has it can read",
    ),
    ...warning("identifier_readable", of("identifier"), "whoever has this token can read"),
    ...warning("personal_readable", of("personal"), "whoever has this token can read"),
  ];
}

function warning(code: string, claims: readonly SensitiveClaim[], lead: string): readonly Finding[] {
  if (claims.length === 0) return [];
  const all = [...new Set(claims.map(({ name, what }) => `${quoted(name)} (${what})`))];
  const named = all.slice(0, MOST_NAMED);
  const more = all.length - named.length;
  const list = more > 0 ? `${named.join(", ")} and ${more} more` : sentence(named);
  return [{ code, message: `${lead} ${list}` }];
}

/** `a, b and c`. */
function sentence(words: readonly string[]): string {
  const [last = "", ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}
