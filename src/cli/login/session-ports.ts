import type { SessionPorts } from "../../app/sessions/ports.ts";
import { createAccessTokens } from "../../app/token/issue-access-token.ts";
import type { Context } from "../context.ts";
import { passphraseForStore } from "../passphrase.ts";

/** What the use cases of logins work with, on the store that is open. */
export async function sessionPorts(context: Context): Promise<SessionPorts> {
  const store = await context.store();
  const { clock, random } = context.runtime;
  return {
    store,
    secrets: await context.refreshSecrets(),
    accessTokens: createAccessTokens({
      store,
      keyVault: await context.keyVault(),
      jws: await context.jws(),
      clock,
      random,
      passphrase: () => passphraseForStore(context),
    }),
    clock,
    random,
  };
}
