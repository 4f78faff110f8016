import { backUpStore } from "../../app/backup/back-up-store.ts";
import { AppError } from "../../core/base/errors.ts";
import { backupJson, backupText } from "../../output/backup/backup-view.ts";
import { defineVerb } from "../command.ts";
import { FORCE } from "../keys/key-files.ts";
import type { Terminal } from "../terminal.ts";
import { workProgress } from "./progress.ts";

export const backup = defineVerb({
  arguments: { file: { help: "where to; - for stdout", completes: "file" } },
  options: { force: FORCE },
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
  async run(
    { file, force },
    { terminal, files, absolute, storeBackups, storeExaminer, keyVault, store, ...world },
  ) {
    const name = await files.outputName(file);
    const output = name === "-" ? standardOutput(terminal) : undefined;
    const to = output === undefined ? absolute(name) : "standard output";
    if (output === undefined) await files.refuseOwn(to);
    const progress = workProgress(terminal, world.clock, "copying");
    const ports = {
      backups: await storeBackups(),
      examiner: await storeExaminer(),
      keyVault: await keyVault(),
      store: () => store(),
      clock: world.clock,
    };
    const input = {
      from: await world.absoluteStorePath(),
      to,
      output,
      overwrite: force,
      progress: progress.show,
      note: (text: string) => terminal.note(text),
    };
    const made = await backUpStore(input, ports).finally(progress.clear);
    const view = { file: to, ...made };
    if (output === undefined) {
      terminal.show({ json: () => backupJson(view), text: (style) => backupText(view, style) });
    } else terminal.note(`backed up to ${to}, and verified`);
    if (made.audit !== null && made.audit.faultCount > 0) {
      terminal.warn(
        "the audit log of the store was altered, and so it is in the backup: see jwtctl audit verify",
      );
    }
    if (!made.noted) terminal.detail("the store's audit log could not be told of the backup");
  },
});

/** @throws AppError `usage` at a terminal */
function standardOutput({ stdout }: Terminal): (part: Uint8Array) => void {
  if (stdout.isTerminal) {
    throw new AppError("usage", "a backup is not written to a terminal", {
      hints: ["Name a file, or send it on: jwtctl backup - | ssh HOST 'cat > jwtctl.db'"],
    });
  }
  return (part) => stdout.write(part);
}
