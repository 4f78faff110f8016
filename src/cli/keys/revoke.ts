import { findKeyToChange } from "../../app/keys/find-key.ts";
import { revokeKey } from "../../app/keys/revoke-key.ts";
import { revokedJson, revokedText } from "../../output/keys/state-change-view.ts";
import { defineVerb } from "../command.ts";
import { DRY_RUN, KID, NOW } from "./key-options.ts";
import { publishNext, warnUnannounced } from "./publishing.ts";

export const revoke = defineVerb({
  arguments: { kid: KID },
  options: {
    withSessions: {
      help: "revoke every login too: everybody has to log in again",
      oldNames: ["with-logins"],
    },
    yes: { short: "y", help: "do not ask before every login is revoked" },
    now: { ...NOW, help: "also when the standby that would sign may not be known to verifiers yet" },
    dryRun: DRY_RUN,
  },
  examples: [
    ["jwtctl keys revoke dW5p", "the key is compromised: out of the JWKS at once, and another one signs"],
    ["jwtctl keys revoke dW5p --with-sessions --yes", "the store's file was stolen too: end every login"],
    ["jwtctl keys revoke dW5p --dry-run", "what would happen, and until when its tokens live elsewhere"],
  ],
  async run(
    { kid, withSessions, yes, dryRun, now: isUrgent },
    { terminal, keyPorts, passphrase, now, time },
  ) {
    const ports = await keyPorts();
    if (withSessions && !yes && !dryRun) {
      findKeyToChange(await ports.store.listKeys(now()), kid);
      await terminal.confirm("Revoke every login of this store, so that everybody has to log in again?");
    }
    const result = await revokeKey({ given: kid, withSessions, now: isUrgent, dryRun, passphrase }, ports);
    terminal.show({
      json: () => revokedJson(result),
      text: (style) => revokedText(result, time(), style),
    });
    if (result.unannounced && !dryRun) warnUnannounced(terminal);
    terminal.next(publishNext(result));
  },
});
