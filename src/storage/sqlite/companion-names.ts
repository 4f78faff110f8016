/** What SQLite puts beside a database. */
export const COMPANIONS = ["-wal", "-shm", "-journal"] as const;
