import type { CurrentSessionPorts } from "../../../../src/app/sessions/current-session.ts";
import type { AccessTokens, SessionPorts } from "../../../../src/app/sessions/ports.ts";
import type { PasswordHasher } from "../../../../src/core/authority/ports/crypto.ts";
import type { CurrentSessionStore } from "../../../../src/core/authority/ports/current-session.ts";
import type { Store } from "../../../../src/core/authority/ports/store.ts";
import type { CurrentSession } from "../../../../src/core/authority/sessions/current-session.ts";
import { DEFAULT_SETTINGS } from "../../../../src/core/authority/settings.ts";
import { JsonObject } from "../../../../src/core/base/json/value.ts";
import { createRefreshSecrets } from "../../../../src/crypto/refresh-secrets.ts";
import { FakeClock, SeededRandom } from "../../../support/fake-runtime.ts";
import { createMemoryStore } from "../../../support/memory-store.ts";

export const PASSWORD = "seven green kettles hum";

/** A store with alice in it, and everything that a use case of users or logins asks for. */
export async function createWorld() {
  const store = createMemoryStore();
  const clock = new FakeClock();
  const random = new SeededRandom();
  const hasher = new CountingHasher();
  const key = (kid: string) => ({
    kid,
    alg: "ES256" as const,
    publicJwk: { kty: "EC", kid },
    privateMaterial: { form: "plain" as const, jwk: { kty: "EC", kid, d: kid } },
  });
  await store.initialise(
    { settings: DEFAULT_SETTINGS, encryption: "none", active: key("active"), standby: key("standby") },
    clock.now(),
  );
  await addUser(store, "alice", await hasher.hash(PASSWORD), clock.now());
  hasher.work.length = 0;
  const signer = new FakeSigner();
  const session: SessionPorts = {
    store,
    secrets: createRefreshSecrets(random),
    accessTokens: signer,
    clock,
    random,
  };
  const current = new CurrentInMemory();
  const ports: CurrentSessionPorts & { clock: FakeClock } = { current, open: async () => session, clock };
  return { store, clock, random, hasher, signer, session, current, ports };
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function addUser(store: Store, name: string, passwordHash: string, now: number): Promise<void> {
  const user = { id: `id-of-${name}`, name, passwordHash, weakPassword: false, claims: new JsonObject() };
  await store.addUser(user, now);
}

/** Hashes that say what they are of, and a record of the work that was done. */
export class CountingHasher implements PasswordHasher {
  readonly work: ("hash" | "verify" | "nobody")[] = [];
  version = 1;

  async hash(password: string): Promise<string> {
    this.work.push("hash");
    return `v${this.version}:${password}`;
  }

  async verify(hash: string, password: string): Promise<boolean> {
    this.work.push("verify");
    return hash.replace(/^v\d+:/, "") === password;
  }

  async verifyNobody(): Promise<void> {
    this.work.push("nobody");
  }

  needsRehash(hash: string): boolean {
    return !hash.startsWith(`v${this.version}:`);
  }
}

/** Access tokens that are numbers; fails when it is told to. */
export class FakeSigner implements AccessTokens {
  prepared = 0;
  signed = 0;
  failPreparing: Error | undefined;
  failSigning: Error | undefined;
  /** Done while a key is being opened, as when a person is slow to type a passphrase. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  async prepare() {
    this.prepared++;
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
    if (this.failPreparing) throw this.failPreparing;
    return async ({
      session,
      settings,
      now,
    }: Parameters<Awaited<ReturnType<AccessTokens["prepare"]>>>[0]) => {
      if (this.failSigning) throw this.failSigning;
      const expiresAt = Math.min(now + settings.access_ttl * 1000, session.expiresAt);
      return { token: `header.${session.id}.${++this.signed}`, expiresAt };
    };
  }
}

/** The file of the current login as one process sees it after another; fails to write when it is told to. */
export class CurrentInMemory implements CurrentSessionStore {
  saved: CurrentSession | null = null;
  /** The writes that still succeed. */
  writes = Number.POSITIVE_INFINITY;
  private queue: Promise<unknown> = Promise.resolve();

  async read(): Promise<CurrentSession | null> {
    return this.saved;
  }

  async write(session: CurrentSession): Promise<void> {
    if (this.writes-- <= 0) throw new Killed();
    this.saved = session;
  }

  async remove(): Promise<void> {
    this.saved = null;
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

/** The process ends here, as after kill -9: nothing that comes later in the code happens. */
export class Killed extends Error {}
