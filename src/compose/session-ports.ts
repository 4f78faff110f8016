import type { PassphraseSource } from "../app/keys/store-passphrase.ts";
import type { CurrentSessionPorts } from "../app/sessions/current-session.ts";
import type { SessionPorts as UseCasePorts } from "../app/sessions/ports.ts";
import type { CurrentSessionStore } from "../core/authority/ports/current-session.ts";
import type { CurrentSession } from "../core/authority/sessions/current-session.ts";
import { AppError } from "../core/base/errors.ts";
import { usableName } from "../core/base/file-errors.ts";
import type { CredentialsFile, Runtime } from "../runtime/runtime.ts";
import type { CryptoPorts } from "./crypto-ports.ts";
import type { StorePorts } from "./store-ports.ts";

/** The sessions of the store, and the current one in its file. */
export interface SessionPorts {
  /** Where the current session is kept. */
  credentialsPath(): Promise<string>;
  credentialsFile(): Promise<CredentialsFile>;
  /** The current session in its file. @throws AppError `usage` when that would be a file of the store */
  currentSession(): Promise<CurrentSessionStore>;
  /** What the use cases of the current session work with, in the store that the session was started in. */
  currentPorts(): Promise<CurrentSessionPorts>;
  /** What the use cases of sessions work with. What signs is loaded when something is signed. */
  sessionPorts(): Promise<UseCasePorts>;
}

/** What is said to the user on the way, and what only the user knows. */
export interface Person {
  warn(text: string): void;
  /** The store's passphrase; asked for when it is needed and was not given. */
  readonly passphrase: PassphraseSource;
}

type Needs = Pick<CryptoPorts, "jws" | "keyVault" | "refreshSecrets"> &
  Pick<StorePorts, "absoluteStorePath" | "store" | "storePath">;

export function createSessionPorts(
  { clock, random, platform, env, credentials }: Runtime,
  db: string | undefined,
  person: Person,
  ports: Needs,
): SessionPorts {
  const credentialsPath = async () =>
    env.JWTCTL_CREDENTIALS
      ? usableName(env.JWTCTL_CREDENTIALS)
      : platform.join(await platform.stateDirectory(), "credentials.json");
  const currentSession = async () => {
    const path = await credentialsPath();
    const { refuseFilesOfStore } = await import("../storage/own-files.ts");
    const hint = "Name another file for the current login in JWTCTL_CREDENTIALS";
    refuseFilesOfStore(path, await ports.storePath(), hint);
    return sessionIn(await credentials(path), path, person);
  };
  const sessionPorts = async () => {
    const store = await ports.store();
    const prepare = async () => {
      const [keyVault, jws] = [await ports.keyVault(), await ports.jws()];
      const { createAccessTokens } = await import("../app/token/issue-access-token.ts");
      const { passphrase } = person;
      return createAccessTokens({ store, keyVault, jws, clock, random, passphrase }).prepare();
    };
    return { store, secrets: await ports.refreshSecrets(), accessTokens: { prepare }, clock, random };
  };
  return {
    credentialsPath,
    credentialsFile: async () => credentials(await credentialsPath()),
    currentSession,
    currentPorts: async () => ({
      current: await currentSession(),
      async open(session) {
        await openStoreOf(session, db, ports);
        return sessionPorts();
      },
    }),
    sessionPorts,
  };
}

async function sessionIn(
  file: CredentialsFile,
  path: string,
  { warn }: Person,
): Promise<CurrentSessionStore> {
  const { readCurrentSession, writeCurrentSession } = await import(
    "../core/authority/sessions/current-session.ts"
  );
  return {
    async read() {
      const content = await file.read();
      if (content === null) return null;
      if (content.exposed) {
        warn(`others could read ${path}; it is closed to them now, but log out if you do not trust them`);
      }
      const session = readCurrentSession(content.text);
      if (session) return session;
      throw new AppError("json_malformed", `${path} does not hold a login, or is damaged`, {
        hints: ["Log in again, which replaces it: jwtctl login NAME"],
      });
    },
    write: (session) => file.write(writeCurrentSession(session)),
    remove: () => file.remove(),
    exclusively: (work) => file.exclusively(work),
  };
}

/** @throws AppError `not_logged_in` when the user named another store than that of the session */
async function openStoreOf(session: CurrentSession, named: string | undefined, ports: Needs): Promise<void> {
  if (named !== undefined && (await ports.absoluteStorePath()) !== session.db) {
    throw new AppError(
      "not_logged_in",
      `nobody is logged in to ${named}; the current login is in ${session.db}`,
      {
        hints: [
          "Leave --db and JWTCTL_DB out to use the store of the current login, or log in to the other one",
        ],
      },
    );
  }
  await ports.store(session.db);
}
