import { KEPT_AFTER_END, pruneSessions } from "../../app/sessions/prune-sessions.ts";
import { counted } from "../../output/fields.ts";
import { prunedJson, prunedText } from "../../output/sessions/ended-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { workProgress } from "../store/progress.ts";

export const prune: Verb = {
  configure: (command) =>
    command.option("--yes", "also when the clock is more than a year ahead of the last use of the store"),
  examples: [
    ["jwtctl tokens prune", "remove logins whose absolute end lies more than 30 days back"],
    ["jwtctl tokens prune --json --quiet", "for cron"],
  ],
  async run(context, invocation) {
    const store = await context.store();
    const { yes = false } = options<{ readonly yes?: boolean }>(invocation);
    const total = await store.countPrunable(context.now() - KEPT_AFTER_END);
    const progress = workProgress(context, "removing");
    const report = (soFar: number) => {
      if (context.globals.verbose) context.detail(`${counted(soFar, "login")} removed so far`);
      else progress.show(soFar, total);
    };
    const pruned = await pruneSessions({ store, clock: context.runtime.clock }, report, yes).finally(
      progress.clear,
    );
    context.show({ json: () => prunedJson(pruned), text: (style) => prunedText(pruned, style) });
  },
};
