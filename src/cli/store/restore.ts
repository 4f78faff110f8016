import { restoreStore } from "../../app/backup/restore-store.ts";
import type { Standing } from "../../core/authority/ports/backups.ts";
import { restoreJson, restoreText, undoneText } from "../../output/backup/restore-view.ts";
import { counted } from "../../output/fields.ts";
import { defineVerb } from "../command.ts";

export const restore = defineVerb({
  arguments: { file: { help: "a backup", completes: "file" } },
  options: {
    yes: { short: "y", help: "replace the store that is there without asking; it is kept aside" },
    keepSessions: {
      help: "do not end the logins of the backup: used and stolen refresh tokens work again",
      oldNames: ["keep-logins"],
    },
    force: { help: "restore a backup although its audit log was altered" },
  },
  examples: [
    ["jwtctl restore /mnt/backup/jwtctl.db", "verifies it, asks, puts it in place; everybody logs in again"],
    ["jwtctl restore /mnt/backup/jwtctl.db --yes --db /srv/jwtctl/jwtctl.db", "for scripts"],
  ],
  async run(
    { file: given, yes, keepSessions, force },
    { terminal, absolute, absoluteStorePath, storeBackups, openStoreAt, clock },
  ) {
    const file = absolute(given);
    const target = await absoluteStorePath();
    const restored = await restoreStore(
      {
        backup: file,
        target,
        keepSessions,
        force,
        async confirm(standing) {
          if (!yes) await terminal.confirm(questionFor(target, standing));
        },
      },
      { backups: await storeBackups(), open: openStoreAt, clock },
    );
    const view = { file, db: target, keptSessions: keepSessions, ...restored };
    terminal.show({
      json: () => restoreJson(view),
      text: (style) => restoreText(view, style),
    });
    for (const line of undoneText(view)) terminal.warn(line);
    terminal.next(["jwtctl doctor --full, and publish its keys: jwtctl keys jwks --out FILE"]);
  },
});

function questionFor(target: string, standing: Standing): string {
  if (standing.state === "unreadable") {
    return `Replace what is at ${target} and cannot be read (${standing.why})? It is kept aside.`;
  }
  if (standing.state === "nothing") return `Put a store at ${target}?`;
  const { users, auditHead } = standing.summary;
  const inIt = `${counted(users.length, "user")}, ${counted(auditHead.seq, "audit entry", "audit entries")}`;
  return `Replace the store ${target} (${inIt})? It is kept aside.`;
}
