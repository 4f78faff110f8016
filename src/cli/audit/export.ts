import { type Exported, exportAudit } from "../../app/audit/export-audit.ts";
import { AppError } from "../../core/base/errors.ts";
import { exportedJson, exportedText } from "../../output/audit/export-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly after?: string;
  readonly force?: boolean;
}

const PRIVATE_MODE = 0o600;

export const exportVerb: Verb = {
  configure: (command) =>
    command
      .argument("<file>", "where to; - for stdout")
      .option("--after <seq>", "only what comes after this entry, to add to what was exported before")
      .option("--force", "replace the file if it is there"),
  examples: [
    ["jwtctl audit export audit.ndjson", "one entry a line, with the hashes; verify it with audit verify"],
    [
      "jwtctl audit export - --after 1200 >> /mnt/archive/audit.ndjson",
      "for cron: what is new, to a place that this machine cannot alter",
    ],
  ],
  async run(context, invocation) {
    const { after, force } = options<Options>(invocation);
    const file = invocation.args[0] ?? "-";
    if (file !== "-") await context.refuseOwnFile(file);
    const lines = exportAudit(afterSeq(after), await context.store());
    if (file === "-") {
      for await (const part of lines) context.runtime.stdout.write(part);
      return;
    }
    let exported: Exported | undefined;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      const encoder = new TextEncoder();
      for (;;) {
        const step = await lines.next();
        if (step.done) {
          exported = step.value;
          return;
        }
        yield encoder.encode(step.value);
      }
    }
    await context.writeFile(file, bytes(), { mode: PRIVATE_MODE, overwrite: force ?? false });
    if (exported === undefined) return;
    const view = { file, ...exported };
    context.show({ json: () => exportedJson(view), text: (style) => exportedText(view, style) });
  },
};

function afterSeq(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError("usage", `--after needs the number of an entry, not "${text}"`, {
    hints: ["Give the last number that was exported, as in --after 1200"],
  });
}
