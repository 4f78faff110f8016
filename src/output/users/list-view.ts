import type { UserSummary } from "../../core/authority/ports/store.ts";
import { writeJson } from "../../core/base/json/write.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { relativeText } from "../time-text.ts";
import { statusText, statusWords, userJson } from "./user-view.ts";

export function userListJson(users: readonly UserSummary[]) {
  return users.map(userJson);
}

/** @param now ms */
export function userListText(users: readonly UserSummary[], now: number, style: Style): string {
  return table(
    users,
    [
      {
        title: "NAME",
        cell: ({ name }) => safe(name),
        paint: (text) => style.strong(text),
        shrinks: true,
      },
      { title: "STATUS", cell: statusWords, paint: statusText },
      { title: "LOGINS", cell: ({ activeSessions }) => String(activeSessions), align: "right" },
      {
        title: "LAST LOGIN",
        cell: ({ lastLoginAt }) => (lastLoginAt === null ? "never" : relativeText(lastLoginAt, now)),
      },
      { title: "CREATED", cell: ({ createdAt }) => relativeText(createdAt, now) },
      {
        title: "CLAIMS",
        cell: ({ claims }) => (claims.members.length === 0 ? "" : writeJson(claims)),
        paint: (text) => style.dim(text),
        shrinks: true,
      },
    ],
    style,
  );
}
