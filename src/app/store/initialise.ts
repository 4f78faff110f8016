import type { SettingsStore } from "../../core/authority/ports/store.ts";
import type { Settings } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { type KeyMakingPorts, newSigningKey } from "../keys/new-signing-key.ts";

export interface InitialiseInput {
  readonly settings: Settings;
  /** Undefined: private keys are kept in the clear, which the user said explicitly. */
  readonly passphrase: string | undefined;
}

export interface Initialised {
  readonly settings: Settings;
  readonly encryption: "passphrase" | "none";
  readonly activeKid: string;
  readonly standbyKid: string;
}

/** Fills a new store with settings, a first active key and a standby. @throws `store_exists` */
export async function initialise(
  input: InitialiseInput,
  ports: KeyMakingPorts & { store: SettingsStore; clock: Clock },
): Promise<Initialised> {
  const { settings, passphrase } = input;
  const encryption = passphrase === undefined ? "none" : "passphrase";
  const active = await newSigningKey({ alg: settings.algorithm, passphrase }, ports);
  const standby = await newSigningKey({ alg: settings.algorithm, passphrase }, ports);
  const outcome = await ports.store.initialise({ settings, encryption, active, standby }, ports.clock.now());
  if (outcome === "already_initialised") {
    throw new AppError("store_exists", "a store already exists; it was left as it is", {
      hints: ["Use it as it is, or choose another file with --db"],
    });
  }
  return { settings, encryption, activeKid: active.kid, standbyKid: standby.kid };
}
