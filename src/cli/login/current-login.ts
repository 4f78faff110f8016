import type { CurrentSessionPorts } from "../../app/sessions/current-session.ts";
import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import {
  type CurrentSession,
  readCurrentSession,
  writeCurrentSession,
} from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Context } from "../context.ts";
import { sessionPorts } from "./session-ports.ts";

/** The current login in its file. */
export async function currentSession(context: Context): Promise<CurrentSessionStore> {
  const path = await context.credentialsPath();
  await context.refuseSessionInStore(await context.storePath());
  const file = await context.runtime.credentials(path);
  return {
    async read() {
      const content = await file.read();
      if (content === null) return null;
      if (content.exposed) {
        context.warn(
          `others could read ${path}; it is closed to them now, but log out if you do not trust them`,
        );
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

/** What the use cases of the current login work with: the store is that of the login, wherever the user is now. */
export async function currentPorts(context: Context): Promise<CurrentSessionPorts> {
  return { current: await currentSession(context), open: (session) => openStoreOf(context, session) };
}

async function openStoreOf(context: Context, { db }: CurrentSession) {
  const named = context.globals.db;
  if (named !== undefined && (await context.absoluteStorePath()) !== db) {
    throw new AppError("not_logged_in", `nobody is logged in to ${named}; the current login is in ${db}`, {
      hints: [
        "Leave --db and JWTCTL_DB out to use the store of the current login, or log in to the other one",
      ],
    });
  }
  await context.store(db);
  return sessionPorts(context);
}
