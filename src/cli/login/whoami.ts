import { type WhoAmI, whoAmI } from "../../app/sessions/who-am-i.ts";
import type { ErrorCode } from "../../core/base/errors.ts";
import { whoamiJson, whoamiText } from "../../output/sessions/whoami-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";
import { currentPorts } from "./current-login.ts";

export const whoami: Verb = {
  configure: (command) => command,
  examples: [
    ["jwtctl whoami", "who is logged in here, and until when"],
    ["jwtctl whoami --quiet > /dev/null && deploy", "exits with 0 only while the login lives"],
  ],
  async run(context) {
    const who = await whoAmI(await currentPorts(context));
    context.show({ json: () => whoamiJson(who), text: (style) => whoamiText(who, context.time(), style) });
    return endOf(who, context.now());
  },
};

/** Why the login is of no use any more; undefined while it is. */
function endOf({ saved, session, storeFound }: WhoAmI, now: number): ErrorCode | undefined {
  if (session?.status === "revoked") return "session_revoked";
  if (session === null && storeFound) return "session_not_found";
  const ended = session === null ? now >= saved.idleExpiresAt : session.status === "expired";
  return ended ? "refresh_expired" : undefined;
}
