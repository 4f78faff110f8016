import { Cli, type RunOptions } from "../../support/run.ts";

export const PASSWORD = "seven green kettles hum";
export const PASSPHRASE = "a store behind a hedge";

export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_expires_in: number;
  readonly session_id: string;
}

/** What matters of the credentials file. */
export interface Saved {
  readonly session_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A store with alice in it. @param init the options of `init`; none for a store under {@link PASSPHRASE} */
export async function authority(init = "--no-passphrase"): Promise<Cli> {
  const cli = new Cli();
  await cli.ok(`init ${init}`, { env: init === "" ? { JWTCTL_PASSPHRASE: PASSPHRASE } : {} });
  await cli.ok("users add alice --claim role=reader --password-stdin", { stdin: PASSWORD });
  return cli;
}

/** Logs alice in. */
export function login(cli: Cli, flags = "", options: RunOptions = {}): Promise<TokenResponse> {
  return cli.json(`login alice --password-stdin ${flags}`, { stdin: PASSWORD, ...options });
}

/** The current login as it is saved. */
export function saved(cli: Cli): Saved {
  return JSON.parse(cli.read("state/credentials.json")) as Saved;
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
