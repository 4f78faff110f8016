import { rotateKeys } from "../../app/keys/rotate-keys.ts";
import { parseAge } from "../../core/base/time/duration.ts";
import { rotationJson, rotationText } from "../../output/keys/rotation-view.ts";
import { defineVerb } from "../command.ts";
import { ALGORITHM, BITS, DRY_RUN, KEEP_PRIVATE, NOW } from "./key-options.ts";
import { publishNext, warnUnannounced } from "./publishing.ts";

export const rotate = defineVerb({
  options: {
    ifOlderThan: {
      value: "age",
      help: "only when the active key has been active for longer, as in 30d",
      parse: parseAge,
    },
    alg: { ...ALGORITHM, help: "the algorithm of the next standby", defaultHelp: "the store's setting" },
    bits: { ...BITS, help: "size of the next standby, for RSA and HMAC" },
    keepPrivate: KEEP_PRIVATE,
    now: NOW,
    dryRun: DRY_RUN,
  },
  examples: [
    ["jwtctl keys rotate", "the standby signs from now on; the old key verifies while its tokens live"],
    [
      "jwtctl keys rotate --if-older-than 30d",
      "for cron: does nothing while the key is younger, and exits with 0",
    ],
    ["jwtctl keys rotate --alg EdDSA", "sign with the standby now, and publish an Ed25519 key as the next"],
    ["jwtctl keys rotate --dry-run", "which key would sign, and until when the old one verifies"],
  ],
  async run(chosen, { terminal, keyPorts, passphrase, time }) {
    const result = await rotateKeys({ ...chosen, passphrase }, await keyPorts());
    terminal.show({
      json: () => rotationJson(result),
      text: (style) => rotationText(result, time(), style),
    });
    const { outcome, dryRun } = result;
    if (outcome === "rotated" && result.unannounced && !dryRun) warnUnannounced(terminal);
    terminal.next(publishNext({ dryRun, changed: outcome === "rotated" }));
  },
});
