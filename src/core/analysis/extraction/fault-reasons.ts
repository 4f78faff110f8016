import type { Finding } from "../../jose/token/finding.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import { lonePart } from "./split-values.ts";

/** What may have been done to a token that ends too early. */
const CUT: ReadonlySet<string> = new Set(["payload_cut", "cut_after_header"]);
/** Behind a token: something was left out here. */
const LEFT_OUT =
  /^\s?(?:\.{2,}|\u2026|[[(<{]\s?(?:\.{2,}|\u2026|snip|truncated|omitted|cut\b|\d{1,9} more))/i;
/** Longer than anything that {@link LEFT_OUT} looks for. */
const LOOKED_AT = 40;

/** Why a token that is not whole is not: that it was shortened on purpose, or is one part of a split cookie. */
export function withReason(token: InspectedToken, text: string): InspectedToken {
  const { fault } = token;
  if (fault === undefined || !CUT.has(fault.code)) return token;
  const reason = reasonIn(text, token.text);
  return reason === undefined ? token : { ...token, fault: reason };
}

function reasonIn(text: string, token: string): Finding | undefined {
  const end = text.indexOf(token) + token.length;
  if (LEFT_OUT.test(text.slice(end, end + LOOKED_AT)))
    return {
      code: "shortened",
      message: "the token was shortened where it was copied from (a log or a screen): the rest of it is gone",
    };
  const part = lonePart(text);
  return part === undefined ? undefined : { code: "part_of_value", message: partMessage(part) };
}

const LONGEST_NAME = 60;

/** That a value is one of several parts, as of a cookie that was split. @param name of the part */
export function partMessage(name: string): string {
  return `this is one part of a value that was split (${name.slice(0, LONGEST_NAME)}): the other parts are missing`;
}
