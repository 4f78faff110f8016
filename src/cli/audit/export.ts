import { type Exported, exportAudit } from "../../app/audit/export-audit.ts";
import { AppError } from "../../core/base/errors.ts";
import { exportedJson, exportedText } from "../../output/audit/export-view.ts";
import { defineVerb } from "../command.ts";
import { FORCE } from "../keys/key-files.ts";

const PRIVATE_MODE = 0o600;

export const exportVerb = defineVerb({
  arguments: { file: { help: "where to; - for stdout", completes: "file" } },
  options: {
    after: {
      value: "seq",
      help: "only what comes after this entry, to add to what was exported before",
      parse: parseSeq,
    },
    force: FORCE,
  },
  examples: [
    ["jwtctl audit export audit.ndjson", "one entry a line, with the hashes; verify it with audit verify"],
    [
      "jwtctl audit export - --after 1200 >> /mnt/archive/audit.ndjson",
      "for cron: what is new, to a place that this machine cannot alter",
    ],
  ],
  async run({ file: named, after, force }, { terminal, files, store }) {
    const file = await files.outputName(named);
    if (file !== "-") await files.refuseOwn(file);
    const lines = exportAudit(after ?? 0, await store());
    if (file === "-") {
      for await (const part of lines) terminal.stdout.write(part);
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
    await files.write(file, bytes(), {
      mode: PRIVATE_MODE,
      overwrite: force,
      note: (text) => terminal.note(text),
    });
    if (exported === undefined) return;
    const view = { file, ...exported };
    terminal.show({ json: () => exportedJson(view), text: (style) => exportedText(view, style) });
  },
});

function parseSeq(text: string, flag: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError("usage", `${flag} needs the number of an entry, not "${text}"`, {
    hints: [`Give the last number that was exported, as in ${flag} 1200`],
  });
}
