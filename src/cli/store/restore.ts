import { restoreStore } from "../../app/backup/restore-store.ts";
import type { Standing } from "../../core/authority/ports/backups.ts";
import { restoreJson, restoreText, undoneText } from "../../output/backup/restore-view.ts";
import { counted } from "../../output/fields.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly yes?: boolean;
  readonly keepSessions?: boolean;
  readonly force?: boolean;
}

export const restore: Verb = {
  configure: (command) =>
    command
      .argument("<file>", "a backup")
      .option("-y, --yes", "replace the store that is there without asking; it is kept aside")
      .option(
        "--keep-sessions",
        "do not end the logins of the backup: used and stolen refresh tokens work again",
      )
      .option("--force", "restore a backup although its audit log was altered"),
  examples: [
    ["jwtctl restore /mnt/backup/jwtctl.db", "verifies it, asks, puts it in place; everybody logs in again"],
    ["jwtctl restore /mnt/backup/jwtctl.db --yes --db /srv/jwtctl/jwtctl.db", "for scripts"],
  ],
  async run(context, invocation) {
    const { yes, keepSessions, force } = options<Options>(invocation);
    const { platform, clock } = context.runtime;
    const file = platform.absolute(invocation.args[0] ?? "");
    const target = await context.absoluteStorePath();
    const restored = await restoreStore(
      {
        backup: file,
        target,
        keepSessions: keepSessions ?? false,
        force: force ?? false,
        async confirm(standing) {
          if (!yes) await context.confirm(questionFor(target, standing));
        },
      },
      { backups: await context.storeBackups(), open: (path) => context.openStoreAt(path), clock },
    );
    const view = { file, db: target, keptSessions: keepSessions ?? false, ...restored };
    context.show({
      json: () => restoreJson(view),
      text: (style) => restoreText(view, style),
    });
    warn(context, view);
    context.next(["jwtctl doctor --full, and publish its keys: jwtctl keys jwks --out FILE"]);
  },
};

function questionFor(target: string, standing: Standing): string {
  if (standing.state === "unreadable") {
    return `Replace what is at ${target} and cannot be read (${standing.why})? It is kept aside.`;
  }
  if (standing.state === "nothing") return `Put a store at ${target}?`;
  const { users, auditHead } = standing.summary;
  const inIt = `${counted(users.length, "user")}, ${counted(auditHead.seq, "audit entry", "audit entries")}`;
  return `Replace the store ${target} (${inIt})? It is kept aside.`;
}

function warn(context: Context, view: Parameters<typeof undoneText>[0]): void {
  for (const line of undoneText(view)) context.warn(line);
}
