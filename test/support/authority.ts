import { cpSync } from "node:fs";
import { onceInRun } from "./scratch.ts";
import { Sandbox } from "./spawn.ts";

export const PASSWORD = "nine quiet lanterns drift";

interface AuthorityOptions {
  /** Whether alice logs in and it is saved. */
  readonly login?: boolean;
  /** See `Sandbox`. */
  readonly in?: string;
  readonly processes?: boolean;
}

/** A sandbox with a store, one user (alice), and, when wanted, a current login. */
export async function authority(options: AuthorityOptions = {}): Promise<Sandbox> {
  const sandbox = new Sandbox(options);
  cpSync(await template(), sandbox.env["XDG_DATA_HOME"] as string, { recursive: true });
  if (options.login) await sandbox.ok(["login", "alice", "--password-stdin"], { stdin: PASSWORD });
  return sandbox;
}

/** Keys and users of a template are new by now: what is older might be warned about. */
const OLDEST_MS = 120_000;

/** The data directory of a store with alice in it, to be copied. */
function template(): Promise<string> {
  return onceInRun(`authority-${Math.floor(Date.now() / OLDEST_MS)}`, async (path) => {
    const sandbox = new Sandbox();
    await sandbox.ok(["init", "--no-passphrase"]);
    await sandbox.ok(["users", "add", "alice", "--claim", "role=reader", "--password-stdin"], {
      stdin: PASSWORD,
    });
    cpSync(sandbox.env["XDG_DATA_HOME"] as string, path, { recursive: true });
  });
}

export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_expires_in: number;
  readonly session_id: string;
  readonly user: string;
}

/** Logs alice in and returns what a client would receive. */
export async function login(sandbox: Sandbox, ...flags: readonly string[]): Promise<TokenResponse> {
  const words = ["login", "alice", "--password-stdin", "--json", ...flags];
  return JSON.parse(await sandbox.ok(words, { stdin: PASSWORD })) as TokenResponse;
}
