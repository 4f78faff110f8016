import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { statSync } from "node:fs";
import { Cli, type RunOptions } from "../../support/run.ts";

export const PASSPHRASE = "an old oak behind the mill";
export const PASSWORD = "seven green kettles hum";

export interface KeyJson {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly created_at: string;
  readonly activated_at: string | null;
  readonly retires_at: string | null;
  readonly max_exp: number | null;
  readonly has_private: boolean;
}

export interface PublicJwk {
  readonly kid: string;
  readonly kty: string;
  readonly alg: string;
  readonly [member: string]: unknown;
}

/** A store without a passphrase. */
export async function plainStore(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  return cli;
}

/** A store under {@link PASSPHRASE}; commands get it through {@link UNLOCKED}. */
export async function sealedStore(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init", UNLOCKED);
  return cli;
}

export const UNLOCKED: RunOptions = { env: { JWTCTL_PASSPHRASE: PASSPHRASE } };

export const keysOf = (cli: Cli) => cli.json<KeyJson[]>("keys list");

export async function keyIn(cli: Cli, state: string): Promise<KeyJson> {
  const key = (await keysOf(cli)).find((candidate) => candidate.state === state);
  if (!key) throw new Error(`there is no ${state} key`);
  return key;
}

export async function jwksOf(cli: Cli): Promise<readonly PublicJwk[]> {
  return (JSON.parse(await cli.ok("keys jwks --quiet")) as { keys: PublicJwk[] }).keys;
}

/** The active key signs an access token of 15 minutes. */
export async function signSomething(cli: Cli, options: RunOptions = {}): Promise<string> {
  const users = await cli.json<{ name: string }[]>("users list");
  if (users.length === 0) await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  const login = ["login", "alice", "--password-stdin", "--quiet"];
  const response = await cli.json<{ access_token: string }>(login, { stdin: PASSWORD, ...options });
  return response.access_token;
}

export function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

export function ecKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

export const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }) as string;

export function jwkOf(key: KeyObject, extra: object = {}): string {
  return JSON.stringify({ ...key.export({ format: "jwk" }), ...extra });
}

/** Whether the text holds a PKCS#8 private key that node:crypto reads without a passphrase. */
export function isPlainPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
}
