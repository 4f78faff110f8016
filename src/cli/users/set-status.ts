import { setUserStatus } from "../../app/users/set-user-status.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import { statusChangedJson, statusChangedText } from "../../output/users/change-view.ts";
import type { Context } from "../context.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";

/** What `disable` and `enable` have in common. */
export async function setStatus(context: Context, name: string, status: UserStatus): Promise<void> {
  const ports = { store: await context.store(), clock: context.runtime.clock };
  const { user, changed, revoked } = await setUserStatus({ name, status }, ports);
  const view = { name: user.name, status, changed, revoked };
  context.show({ json: () => statusChangedJson(view), text: (style) => statusChangedText(view, style) });
  await noteAccessTokens(context, revoked);
}
