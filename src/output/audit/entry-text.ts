import type { AuditEntry } from "../../core/authority/audit/entry.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { wallText } from "../time-text.ts";

/** Entry types that an operator should look at. */
const ALARMS: readonly string[] = ["reuse_detected", "key_revoked", "store_restored"];
const REFUSALS = /_refused$|_skipped$/;

export function paintType(text: string, { type }: AuditEntry, style: Style): string {
  if (ALARMS.includes(type)) return style.bad(text);
  return REFUSALS.test(type) ? style.doubtful(text) : style.strong(text);
}

/** The subject of an entry: a user, a session, a key. */
export function aboutText({ user, session, kid }: AuditEntry): string {
  return [user, session, kid]
    .filter((part) => part !== null)
    .map((part) => safe(part))
    .join(" ");
}

/** The reason and the details: `wrong_password (attempts 5)`. */
export function detailText({ reason, details }: AuditEntry): string {
  const more = details.members
    .filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => {
      const text = typeof value === "string" ? safe(value) : writeJson(value);
      return `${safe(name)} ${text}`;
    })
    .join(", ");
  return [...(reason === null ? [] : [safe(reason)]), ...(more === "" ? [] : [`(${more})`])].join(" ");
}

/** The actor: the account of the operating system and the command. */
export function actorText({ osUser, command }: AuditEntry): string {
  return `${safe(osUser)}: ${safe(command)}`;
}

/** The width of the column of types; a longer type moves the rest of its line. */
const TYPE_WIDTH = 17;

/** An entry on one line, for `audit --follow`. */
export function entryLine(entry: AuditEntry, time: TimeContext, style: Style): string {
  const parts = [aboutText(entry), detailText(entry)].filter((part) => part !== "").join("  ");
  const type = paintType(safe(entry.type).padEnd(TYPE_WIDTH), entry, style);
  const by = style.dim(`[${actorText(entry)}]`);
  return `${style.dim(wallText(entry.at, time))}  ${type}  ${parts === "" ? "" : `${parts}  `}${by}\n`;
}
