import { Sandbox } from "./spawn.ts";

export const PASSWORD = "nine quiet lanterns drift";

/** A sandbox with a store, one user (alice), and, when wanted, a current login. */
export async function authority(
  options: { login?: boolean; init?: readonly string[]; in?: string } = {},
): Promise<Sandbox> {
  const sandbox = new Sandbox(options.in);
  await sandbox.ok(["init", ...(options.init ?? ["--no-passphrase"])]);
  await sandbox.ok(["users", "add", "alice", "--claim", "role=reader", "--password-stdin"], {
    stdin: PASSWORD,
  });
  if (options.login) await sandbox.ok(["login", "alice", "--password-stdin"], { stdin: PASSWORD });
  return sandbox;
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
