import type { CurrentSession } from "../sessions/current-session.ts";

/** Keeps the client's session between commands, in the credentials file. */
export interface CurrentSessionStore {
  /** Null when nobody is logged in. @throws AppError `file_unreadable`, `json_malformed` */
  read(): Promise<CurrentSession | null>;
  /** Writes atomically. @throws AppError `file_unwritable` */
  write(session: CurrentSession): Promise<void>;
  /** @throws AppError `file_unwritable` */
  remove(): Promise<void>;
  /** Runs `work` under the lock of the file. @throws AppError `file_unwritable`, before the work */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
