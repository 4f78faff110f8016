import { KEPT_AFTER_END, pruneSessions } from "../../app/sessions/prune-sessions.ts";
import { counted } from "../../output/fields.ts";
import { prunedJson, prunedText } from "../../output/sessions/ended-view.ts";
import { defineVerb } from "../command.ts";
import { workProgress } from "../store/progress.ts";

export const prune = defineVerb({
  options: {
    yes: { help: "also when the clock is more than a year ahead of the last use of the store" },
  },
  examples: [
    ["jwtctl tokens prune", "remove logins whose absolute end lies more than 30 days back"],
    ["jwtctl tokens prune --json --quiet", "for cron"],
  ],
  async run({ yes }, { terminal, storeAndClock }) {
    const { store, clock } = await storeAndClock();
    const total = await store.countPrunable(clock.now() - KEPT_AFTER_END);
    const progress = workProgress(terminal, clock, "removing");
    const report = (soFar: number) => {
      if (terminal.verbose) terminal.detail(`${counted(soFar, "login")} removed so far`);
      else progress.show(soFar, total);
    };
    const pruned = await pruneSessions({ store, clock }, report, yes).finally(progress.clear);
    terminal.show({ json: () => prunedJson(pruned), text: (style) => prunedText(pruned, style) });
  },
});
