import type { CurrentLogin } from "../../core/authority/sessions/current-session.ts";
import type { Login } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import { type CurrentPorts, requireCurrent } from "./current-ports.ts";

export interface WhoAmI {
  readonly saved: CurrentLogin;
  /** What the store knows of the login; null when the store is not there, or has never had it or pruned it. */
  readonly login: Login | null;
  readonly storeFound: boolean;
}

/** Who is logged in, from what is saved here and, when it is there, from the store. @throws AppError `not_logged_in` */
export async function whoAmI({ current, open }: CurrentPorts): Promise<WhoAmI> {
  const saved = await requireCurrent(current);
  try {
    const { store, clock } = await open(saved);
    const logins = await store.findLogins(saved.sessionId, clock.now());
    return { saved, login: logins.find(({ id }) => id === saved.sessionId) ?? null, storeFound: true };
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") {
      return { saved, login: null, storeFound: false };
    }
    throw error;
  }
}
