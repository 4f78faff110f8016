import { decideAddition, decidePromotion } from "../../core/authority/keys/entry.ts";
import { keysAfter } from "../../core/authority/keys/keys-step.ts";
import { decideActivation, type KeyChange } from "../../core/authority/keys/life-cycle.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyStore } from "../../core/authority/ports/store.ts";

/** The steps of a dry run, decided as a store decides them. */
export type KeyEntrance = Pick<KeyStore, "listKeys" | "addKey" | "promoteStandbyKey" | "activateKey">;

/** The keys of a store as they would be: what is added or promoted here is written nowhere. @param keys as of now */
export function imaginedKeys(keys: readonly SigningKey[]): KeyEntrance {
  let present = keys;
  const after = <Result>({ result, change }: { result: Result; change?: KeyChange }) => {
    if (change !== undefined) present = keysAfter(present, change);
    return result;
  };
  return {
    listKeys: async () => present,
    addKey: async (input, now) => after(decideAddition(present, input, now)),
    promoteStandbyKey: async (input, now) => after(decidePromotion(present, input, now)),
    activateKey: async (input, now) => after(decideActivation(present, input, now)),
  };
}
