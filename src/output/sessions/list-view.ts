import type { Session } from "../../core/authority/sessions/session.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { relativeText } from "../time-text.ts";
import { paintStatus, sessionJson, statusInWords } from "./session-text.ts";

export function sessionListJson(sessions: readonly Session[]) {
  return sessions.map(sessionJson);
}

/** @param now ms */
export function sessionListText(sessions: readonly Session[], now: number, style: Style): string {
  return table(
    sessions,
    [
      { title: "ID", cell: ({ id }) => safe(id), paint: (text) => style.strong(text) },
      { title: "USER", cell: ({ userName }) => safe(userName), shrinks: true },
      { title: "STATUS", cell: statusInWords, paint: paintStatus, shrinks: true, precious: true },
      { title: "ROTATIONS", cell: ({ rotations }) => String(rotations), align: "right", dispensable: 1 },
      { title: "LAST USED", cell: ({ lastUsedAt }) => relativeText(lastUsedAt, now), dispensable: 2 },
      { title: "ENDS", cell: (session) => relativeText(endOf(session), now), dispensable: 3 },
    ],
    style,
  );
}

/** When the session ended, or will end unless it is used. */
function endOf({ endedAt, idleExpiresAt }: Session): number {
  return endedAt ?? idleExpiresAt;
}
