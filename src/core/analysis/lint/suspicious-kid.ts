import { MAX_KID_LENGTH } from "../../authority/keys/kids.ts";
import { isUnsafe } from "../../base/text/unsafe-characters.ts";

type Pattern = Pick<RegExp, "test">;

/** Matches `follows` anywhere after the first match of `begins`, in linear time. */
function after(begins: RegExp, follows: RegExp): Pattern {
  return {
    test(kid) {
      const begin = begins.exec(kid);
      return begin !== null && follows.test(kid.slice(begin.index + begin[0].length));
    },
  };
}

const SUSPICIONS: readonly (readonly [pattern: Pattern, says: string])[] = [
  [{ test: isUnsafe }, "has control or invisible characters"],
  [/^[a-z][a-z0-9+.-]*:\/\//i, "is an address that a verifier could be made to fetch"],
  [
    // A bare slash is not suspicious: some issuers write their kids in base64.
    /\.\.[/\\]|^[a-z]:\\|^\/(?:app|dev|etc|home|keys?|mnt|opt|proc|root|srv|tmp|usr|var)\//i,
    "looks like the path of a file",
  ],
  [/%(?:2e|2f|5c|00)/i, "has percent-encoded path characters"],
  [after(/\bunion\b/i, /\bselect\b/i), "looks like SQL"],
  [after(/['"]/, /--|;|\bor\b|\band\b|=/i), "looks like SQL"],
  [/;\s*(?:drop|insert|update|delete)\b/i, "looks like SQL"],
  [/\$\(|`|\$\{|[|&;<>]/, "has characters that a shell acts on"],
  [/\{\{|\*\)|\)\(/, "looks like a template or an LDAP filter"],
  [/['"]/, "has quotes that could end a string in a query"],
];

/** Why a kid looks like an injection into whatever looks keys up; undefined when it does not. */
export function suspicionAboutKid(kid: string): string | undefined {
  const found = SUSPICIONS.find(([pattern]) => pattern.test(kid));
  if (found !== undefined) return found[1];
  return kid.length > MAX_KID_LENGTH ? `is longer than ${MAX_KID_LENGTH} characters` : undefined;
}
