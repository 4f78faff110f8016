import { pruneLogins } from "../../app/sessions/prune-logins.ts";
import { counted } from "../../output/fields.ts";
import { prunedJson, prunedText } from "../../output/sessions/end-view.ts";
import type { Verb } from "../command.ts";

export const prune: Verb = {
  configure: (command) => command,
  examples: [
    ["jwtctl tokens prune", "remove logins whose absolute end lies more than 30 days back"],
    ["jwtctl tokens prune --json --quiet", "for cron"],
  ],
  async run(context) {
    const ports = { store: await context.store(), clock: context.runtime.clock };
    const pruned = await pruneLogins(ports, (soFar) =>
      context.detail(`${counted(soFar, "login")} removed so far`),
    );
    context.show({ json: () => prunedJson(pruned), text: (style) => prunedText(pruned, style) });
  },
};
