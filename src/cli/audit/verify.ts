import { MAX_LINE, parseAnchor, verifyLines } from "../../app/audit/verify-audit.ts";
import { verifyJson, verifyText } from "../../output/audit/verify-view.ts";
import { defineVerb } from "../command.ts";

export const verify = defineVerb({
  arguments: {
    file: {
      help: "what audit export has written; without it, the store's own log",
      optional: true,
      completes: "file",
    },
  },
  options: {
    head: {
      value: "seq:hash",
      help: "an entry that was noted elsewhere: it must be there, unaltered",
      parse: parseAnchor,
    },
  },
  examples: [
    ["jwtctl audit verify", "computes every hash anew; exit code 1 when something was altered"],
    [
      "jwtctl audit verify --head 1200:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "also that the log is the one that had this head then",
    ],
    ["jwtctl audit verify audit.ndjson", "an export, without the store"],
  ],
  async run({ file, head: anchor }, { terminal, files, store, sha256 }) {
    const verdict =
      file === undefined
        ? await (await store()).verifyAudit(anchor)
        : await verifyLines(files.lines(file, MAX_LINE), {
            sha256: await sha256(),
            anchor,
          });
    const view = { verdict, file };
    terminal.show({ json: () => verifyJson(view), text: (style) => verifyText(view, style) });
    return verdict.faultCount === 0 ? undefined : "audit_altered";
  },
});
