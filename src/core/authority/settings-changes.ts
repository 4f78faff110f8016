import { settingsChanged, storeInitialised } from "./audit/events.ts";
import type { Decision } from "./decision.ts";
import { entering } from "./keys/signing-key.ts";
import type { NewStore } from "./ports/store.ts";
import type { KeysChange, KeysFacts, StoredSettings } from "./ports/store-backend.ts";
import type { Settings } from "./settings.ts";

/** Fills an empty store. @param now ms */
export function decideInitialisation(
  { settings }: KeysFacts,
  input: NewStore,
  now: number,
): Decision<"initialised" | "already_initialised", KeysChange> {
  if (settings !== null) return { result: "already_initialised" };
  const first = (name: "active" | "standby") => ({
    key: entering(input[name], name, now),
    material: input[name].privateMaterial,
  });
  return {
    result: "initialised",
    change: {
      settings: { values: input.settings, encryption: input.encryption, sealingEpoch: 0 },
      added: [first("active"), first("standby")],
    },
    events: [storeInitialised(input)],
  };
}

/** Gives settings other values. */
export function decideSettings(
  before: StoredSettings,
  changes: Partial<Settings>,
): Decision<void, KeysChange> {
  const values = { ...before.values, ...changes };
  const events = settingsChanged(before.values, values);
  if (events.length === 0) return { result: undefined };
  return { result: undefined, change: { settings: { ...before, values } }, events };
}
