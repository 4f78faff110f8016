import type { PassphraseSource } from "../app/keys/store-passphrase.ts";
import type { Clock, Random } from "../core/base/ports.ts";
import type { TimeContext } from "../core/base/time/instant.ts";
import type { DocumentCache, Network } from "../core/remote/ports.ts";
import type { Clipboard, LineRuntime, Runtime } from "../runtime/runtime.ts";
import { type CryptoPorts, createCryptoPorts } from "./crypto-ports.ts";
import { createSessionPorts, type Person, type SessionPorts } from "./session-ports.ts";
import { createStorePorts, type StorePorts, type StoreSettings } from "./store-ports.ts";
import { createUserFiles, type UserFiles } from "./user-files.ts";

/** Everything that use cases work with, each part loaded and made when it is first used. */
export interface Ports extends StorePorts, CryptoPorts, SessionPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** ms */
  now(): number;
  /** The user's clock and calendar, for times that are typed or shown. */
  time(): TimeContext;
  /** Lets some time pass (ms). */
  pause(ms: number): Promise<void>;
  readonly env: Runtime["env"];
  readonly files: UserFiles;
  /** The path from the root, whatever the working directory is later. */
  absolute(path: string): string;
  readonly passphrase: PassphraseSource;
  /** The way to the servers that the user named. */
  network(): Promise<Network>;
  /** Where what was fetched is kept: JWTCTL_CACHE_DIR, or the platform's cache directory. */
  documentCache(): Promise<DocumentCache>;
  /** Unpacks raw DEFLATE. */
  unpack(): Promise<typeof import("../runtime/unpack.ts").unpack>;
  clipboard(): Promise<Clipboard>;
  /** What work on very many lines takes. */
  lineRuntime(): Promise<LineRuntime>;
}

/** Puts the ports of one command, or of a server, together. */
export function createPorts(runtime: Runtime, settings: StoreSettings, person: Person): Ports {
  const { clock, random, platform, files, env } = runtime;
  const crypto = createCryptoPorts(runtime);
  const store = createStorePorts(runtime, settings, crypto, person.warn);
  const sessions = createSessionPorts(runtime, settings.db, person, { ...crypto, ...store });
  return {
    ...crypto,
    ...store,
    ...sessions,
    clock,
    random,
    now: () => clock.now(),
    time: () => userTime(runtime),
    pause: (ms) => runtime.pause(ms),
    env,
    files: createUserFiles(files, { ...store, ...sessions }),
    absolute: (path) => platform.absolute(path),
    passphrase: person.passphrase,
    network: () => runtime.network(),
    async documentCache() {
      // Without a home directory nothing is kept: every document is fetched.
      const directory = env.JWTCTL_CACHE_DIR || (await platform.cacheDirectory().catch(() => undefined));
      if (directory === undefined) return NO_CACHE;
      const { createDocumentCache } = await import("../runtime/document-cache.ts");
      return createDocumentCache(files, directory);
    },
    unpack: async () => (await import("../runtime/unpack.ts")).unpack,
    clipboard: () => runtime.clipboard(),
    lineRuntime: () => runtime.lines(),
  };
}

const NO_CACHE: DocumentCache = { read: async () => undefined, write: async () => false };

/** The clock and the calendar of the user. */
export function userTime({ clock, platform }: Pick<Runtime, "clock" | "platform">): TimeContext {
  return { now: clock.now(), utcOffset: (instant) => platform.utcOffset(instant) };
}
