import { auditJson } from "../../core/authority/audit/canonical.ts";
import type { AuditEntry } from "../../core/authority/audit/entry.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { wallText } from "../time-text.ts";
import { aboutText, actorText, detailText, paintType } from "./entry-text.ts";

export function auditListJson(entries: readonly AuditEntry[]) {
  return entries.map(auditJson);
}

/** An entry as one line of JSON, for `audit --follow`. */
export function auditJsonLine(entry: AuditEntry): string {
  return `${writeJson(auditJson(entry))}\n`;
}

export function auditListText(entries: readonly AuditEntry[], time: TimeContext, style: Style): string {
  const dim = (text: string) => style.dim(text);
  return table(
    entries,
    [
      { title: "SEQ", cell: ({ seq }) => String(seq), align: "right", paint: dim, dispensable: 2 },
      { title: "TIME", cell: ({ at }) => wallText(at, time) },
      { title: "EVENT", cell: ({ type }) => safe(type), paint: paintType },
      { title: "ABOUT", cell: aboutText, shrinks: true },
      { title: "BY", cell: actorText, paint: dim, dispensable: 1 },
      { title: "DETAIL", cell: detailText, wraps: "below" },
    ],
    style,
  );
}
