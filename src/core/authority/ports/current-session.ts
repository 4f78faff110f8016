import type { CurrentSession } from "../sessions/current-session.ts";

/** Where the client's side keeps its session between commands. */
export interface CurrentSessionStore {
  /** Null when nobody is logged in. @throws AppError `file_unreadable`, `json_malformed` */
  read(): Promise<CurrentSession | null>;
  /** Whole or not at all. @throws AppError `file_unwritable` */
  write(session: CurrentSession): Promise<void>;
  /** @throws AppError `file_unwritable` */
  remove(): Promise<void>;
  /** Does the work while no other process reads to write. @throws AppError `file_unwritable`, before the work */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
