import { setUserStatus } from "../../app/users/set-user-status.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import { statusChangedJson, statusChangedText } from "../../output/users/change-view.ts";
import type { Needs } from "../command.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";

/** What `disable` and `enable` have in common. */
export async function setStatus(
  name: string,
  status: UserStatus,
  { terminal, storeAndClock }: Needs<"terminal" | "storeAndClock">,
): Promise<void> {
  const ports = await storeAndClock();
  const { user, changed, revoked } = await setUserStatus({ name, status }, ports);
  const view = { name: user.name, status, changed, revoked };
  terminal.show({ json: () => statusChangedJson(view), text: (style) => statusChangedText(view, style) });
  await noteAccessTokens(revoked, terminal, ports.store);
}
