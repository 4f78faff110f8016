import { JsonObject } from "../../base/json/value.ts";
import { isSameMediaType, stringMember } from "../../jose/token/content.ts";
import { type Check, fail, pass, quoted } from "../../jose/verification/check.ts";
import type { Demand, TokenKind } from "../kinds/kind.ts";
import { fitsForm, hasSign, isThere, TOKEN_KINDS } from "../kinds/token-kinds.ts";

/** Claims with which an issuer itself says what kind of token it is. */
const NAMING_CLAIMS: ReadonlySet<string> = new Set(["token_use", "typ", "events"]);

/** How the issuer itself names a kind, by the header's `typ` or by a claim; not what only looks like that kind. */
function namedAs(
  { types, signs }: TokenKind,
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
): string | undefined {
  const typ = stringMember(header, "typ");
  const type = types.find((name) => typ !== undefined && isSameMediaType(name, typ));
  if (type !== undefined) return `its typ is ${type}`;
  if (claims === undefined) return undefined;
  const naming = signs.filter(({ all }) =>
    all.every(({ name, form }) => form !== undefined && NAMING_CLAIMS.has(name)),
  );
  return naming.find((sign) => hasSign(sign, header, claims))?.says;
}

/**
 * Holds a token to what the specification of its kind demands of every token of that kind: one line for each demand that
 * it does not meet, or one that says that it meets all.
 */
export function checkKind(
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
  kind: TokenKind,
): readonly Check[] {
  const said = claims ?? new JsonObject();
  const faults = [
    ...typeFault(header, claims, kind),
    ...kind.demands.flatMap((demand) => demandFault(demand, header, said)),
  ];
  if (faults.length > 0) return faults;
  return [pass("kind", `has what ${kind.name} must have (${kind.specification})`)];
}

function typeFault(
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
  kind: TokenKind,
): readonly Check[] {
  const { name, types, typed } = kind;
  const typ = stringMember(header, "typ");
  const own = namedAs(kind, header, claims);
  for (const other of own === undefined ? TOKEN_KINDS : []) {
    const sign = namedAs(other, header, claims);
    if (sign === undefined) continue;
    return [fail("kind", "type_mismatch", `it is not ${name} but ${other.name}: ${sign}`)];
  }
  if (typed !== "must" || types.some((type) => typ !== undefined && isSameMediaType(type, typ))) return [];
  const has = typ === undefined ? "there is no typ" : `typ is ${quoted(typ)}`;
  return [fail("kind", "type_mismatch", `${has}; ${name} has ${types.map(quoted).join(" or ")}`)];
}

function demandFault(demand: Demand, header: JsonObject | undefined, claims: JsonObject): readonly Check[] {
  const { level, part, name, or, form, section } = demand;
  if (level === "should" || level === "should not") return [];
  const where = part === "header" ? " in the header" : "";
  const there = isThere(demand, header, claims);
  const told = `${name}${where}`;
  if (level === "must not") {
    return there ? [fail("kind", "claim_invalid", `${told} must not be there (section ${section})`)] : [];
  }
  if (!there) {
    const names = or === undefined ? told : `${name} or ${or}${where}`;
    return [fail("kind", "claim_missing", `there is no ${names} (section ${section})`)];
  }
  if (fitsForm(demand, header, claims)) return [];
  return [fail("kind", "claim_invalid", `${told} must be ${form?.says} (section ${section})`)];
}
