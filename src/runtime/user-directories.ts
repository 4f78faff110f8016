import { userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { AppError } from "../core/base/errors.ts";

/** The directories of a user, by what is kept there. */
export type DirectoryUse = "data" | "state" | "cache";

/** What says where they are. */
export interface UserWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** The home of the account by the system's own list of users; throws when it has none. */
  readonly accountHome: () => string;
}

const REAL: UserWorld = {
  env: process.env,
  platform: process.platform,
  accountHome: () => userInfo().homedir,
};

const XDG = { data: "XDG_DATA_HOME", state: "XDG_STATE_HOME", cache: "XDG_CACHE_HOME" } as const;
const BELOW_HOME: Readonly<Record<string, Readonly<Record<DirectoryUse, string>>>> = {
  darwin: { data: "Library/Application Support", state: "Library/Logs", cache: "Library/Caches" },
  linux: { data: ".local/share", state: ".local/state", cache: ".cache" },
};
const WINDOWS = { data: "Data", state: "Log", cache: "Cache" } as const;
const INSTEAD = {
  data: "name the store with --db or JWTCTL_DB",
  state: "name the file of the current login in JWTCTL_CREDENTIALS",
  cache: "name a directory in JWTCTL_CACHE_DIR",
} as const;

/**
 * Where jwtctl keeps things by default: below the XDG base directories
 * (https://specifications.freedesktop.org/basedir-spec), which are ignored when they are relative, or where macOS and
 * Windows have it.
 *
 * @throws AppError `usage` when the user has no home directory
 */
export function userDirectory(use: DirectoryUse, world: UserWorld = REAL): string {
  const { env, platform } = world;
  if (platform === "win32") {
    const local = env.LOCALAPPDATA || join(homeOf(use, world), "AppData", "Local");
    return join(local, "jwtctl", WINDOWS[use]);
  }
  if (platform === "darwin") return join(homeOf(use, world), BELOW_HOME["darwin"]?.[use] ?? "", "jwtctl");
  const base = env[XDG[use]];
  if (base !== undefined && isAbsolute(base)) return join(base, "jwtctl");
  return join(homeOf(use, world), BELOW_HOME["linux"]?.[use] ?? "", "jwtctl");
}

/** An empty or relative HOME would make it the current directory. */
function homeOf(use: DirectoryUse, { env, platform, accountHome }: UserWorld): string {
  const named = platform === "win32" ? env.USERPROFILE : env.HOME;
  if (named !== undefined && isAbsolute(named)) return named;
  try {
    const home = accountHome();
    if (isAbsolute(home)) return home;
  } catch {
    // A user without an entry in the list of accounts, as in many containers.
  }
  throw new AppError("usage", "this user has no home directory", {
    hints: [`Set HOME to the path of one, or ${INSTEAD[use]}`],
  });
}
