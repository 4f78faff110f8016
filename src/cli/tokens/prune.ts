import { KEPT_AFTER_END, pruneSessions } from "../../app/sessions/prune-sessions.ts";
import { parseAge } from "../../core/base/time/duration.ts";
import { counted } from "../../output/fields.ts";
import { prunedJson, prunedText } from "../../output/sessions/ended-view.ts";
import { defineVerb } from "../command.ts";
import { workProgress } from "../store/progress.ts";
import { parseLimit } from "./list.ts";

export const prune = defineVerb({
  options: {
    olderThan: {
      value: "age",
      help: "those whose absolute end lies so far back, as in 7d",
      parse: parseAge,
      defaultHelp: "30d",
    },
    limit: { value: "n", help: "at most so many logins, the oldest first", parse: parseLimit },
    dryRun: { help: "say how many it would be, and change nothing" },
    yes: { help: "also when the clock is more than a year ahead of the last use of the store" },
  },
  examples: [
    ["jwtctl tokens prune", "remove logins whose absolute end lies more than 30 days back"],
    ["jwtctl tokens prune --json --quiet", "for cron"],
    ["jwtctl tokens prune --older-than 90d --dry-run", "how many are older than that"],
  ],
  async run({ yes, olderThan, limit, dryRun }, { terminal, storeAndClock, pause }) {
    const { store, clock } = await storeAndClock();
    const age = olderThan === undefined ? KEPT_AFTER_END : olderThan * 1000;
    const found = await store.countPrunable(clock.now() - age);
    const total = Math.min(found, limit ?? found);
    const progress = workProgress(terminal, clock, "removing");
    const report = (soFar: number) => {
      if (terminal.verbose) terminal.detail(`${counted(soFar, "login")} removed so far`);
      else progress.show(soFar, total);
    };
    const order = { olderThan: age, limit, afterJump: yes, progress: report };
    const pruned = dryRun
      ? total
      : await pruneSessions(order, { store, clock, pause }).finally(progress.clear);
    const view = { pruned, dryRun, olderThan: age / 1000 };
    terminal.show({ json: () => prunedJson(view), text: (style) => prunedText(view, style) });
  },
});
