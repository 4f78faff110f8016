import { type WhoAmI, whoAmI } from "../../app/sessions/who-am-i.ts";
import type { ErrorCode } from "../../core/base/errors.ts";
import { whoamiJson, whoamiText } from "../../output/sessions/whoami-view.ts";
import { defineVerb } from "../command.ts";

export const whoami = defineVerb({
  examples: [
    ["jwtctl whoami", "who is logged in here, and until when"],
    ["jwtctl whoami --quiet > /dev/null && deploy", "exits with 0 only while the login lives"],
  ],
  async run(_chosen, { terminal, currentPorts, now, time }) {
    const who = await whoAmI(await currentPorts());
    terminal.show({ json: () => whoamiJson(who), text: (style) => whoamiText(who, time(), style) });
    return endOf(who, now());
  },
});

/** Why the login is of no use any more; undefined while it is. */
function endOf({ saved, session, storeFound }: WhoAmI, now: number): ErrorCode | undefined {
  if (session?.status === "revoked") return "session_revoked";
  if (session === null && storeFound) return "session_not_found";
  const ended = session === null ? now >= saved.idleExpiresAt : session.status === "expired";
  return ended ? "refresh_expired" : undefined;
}
