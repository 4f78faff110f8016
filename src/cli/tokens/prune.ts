import { KEPT_AFTER_END, pruneLogins } from "../../app/sessions/prune-logins.ts";
import { counted } from "../../output/fields.ts";
import { prunedJson, prunedText } from "../../output/sessions/end-view.ts";
import type { Verb } from "../command.ts";
import { workProgress } from "../store/progress.ts";

export const prune: Verb = {
  configure: (command) => command,
  examples: [
    ["jwtctl tokens prune", "remove logins whose absolute end lies more than 30 days back"],
    ["jwtctl tokens prune --json --quiet", "for cron"],
  ],
  async run(context) {
    const store = await context.store();
    const total = await store.countPrunable(context.now() - KEPT_AFTER_END);
    const progress = workProgress(context, "removing");
    const pruned = await pruneLogins({ store, clock: context.runtime.clock }, (soFar) => {
      if (context.globals.verbose) context.detail(`${counted(soFar, "login")} removed so far`);
      else progress.show(soFar, total);
    }).finally(progress.clear);
    context.show({ json: () => prunedJson(pruned), text: (style) => prunedText(pruned, style) });
  },
};
