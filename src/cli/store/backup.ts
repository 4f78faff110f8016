import { backUpStore } from "../../app/backup/back-up-store.ts";
import { backupJson, backupText } from "../../output/backup/backup-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { workProgress } from "./progress.ts";

interface Options {
  readonly force?: boolean;
}

export const backup: Verb = {
  configure: (command) =>
    command.argument("<file>", "where to").option("--force", "replace the file if it is there"),
  examples: [
    [
      "jwtctl backup /mnt/backup/jwtctl.db",
      "a verified copy that only its owner may read; others go on working",
    ],
    [
      "jwtctl backup /mnt/backup/jwtctl.db --force --quiet",
      "for cron: the old backup stays until the new one is verified",
    ],
  ],
  async run(context, invocation) {
    const { force } = options<Options>(invocation);
    const to = context.runtime.platform.absolute(invocation.args[0] ?? "");
    await context.refuseOwnFile(to);
    const progress = workProgress(context, "copying");
    const ports = {
      backups: await context.storeBackups(),
      examiner: await context.storeExaminer(),
      keyVault: await context.keyVault(),
      store: () => context.store(),
      clock: context.runtime.clock,
    };
    const input = {
      from: await context.absoluteStorePath(),
      to,
      overwrite: force ?? false,
      progress: progress.show,
    };
    const made = await backUpStore(input, ports).finally(progress.clear);
    const view = { file: to, ...made };
    context.show({ json: () => backupJson(view), text: (style) => backupText(view, style) });
    if (made.audit !== null && made.audit.faultCount > 0) {
      context.warn(
        "the audit log of the store was altered, and so it is in the backup: see jwtctl audit verify",
      );
    }
    if (!made.noted) context.detail("the store's audit log could not be told of the backup");
  },
};
