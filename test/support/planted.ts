import { readFileSync, writeFileSync } from "node:fs";
import type { TokenResponse } from "./authority.ts";
import { Sandbox } from "./spawn.ts";

/** Recognisable, and nothing that a command may say. Those that are made by the program are added by {@link planted}. */
export const TYPED = {
  password: "canary-password kettle orbit meadow",
  wrongPassword: "canary-wrong-password plum kettle",
  newPassword: "canary-new-password lantern hedge",
  passphrase: "canary-passphrase brook and stone",
  wrongPassphrase: "canary-wrong-passphrase stone",
  filePassphrase: "canary-file-passphrase willow",
  secret: "canary-hmac-secret-0123456789-abcdefghijkl",
  misplaced: "canary-typed-into-the-wrong-field",
} as const;

export interface World {
  readonly sandbox: Sandbox;
  readonly login: TokenResponse;
  /** By name; each in every spelling in which it could leak. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly kid: string;
  readonly jwt: string;
}

/** A store in the clear, which gives most away, with a login, and every secret known to the test. */
export async function planted(options: { processes: boolean }): Promise<World> {
  const sandbox = new Sandbox(options);
  for (const [name, text] of Object.entries(TYPED)) writeFileSync(sandbox.path(name), text, { mode: 0o600 });
  writeFileSync(sandbox.path("claims.json"), '{"sub":"bob"}');
  await sandbox.ok(["init", "--no-passphrase"]);
  await sandbox.ok(["users", "add", "alice", "--password-file", "password"]);
  const words = ["login", "alice", "--password-file", "password", "--no-save", "--json"];
  const login = JSON.parse(await sandbox.ok(words)) as TokenResponse;
  await sandbox.ok(words.filter((word) => word !== "--no-save"));
  const keys = JSON.parse(await sandbox.ok(["keys", "list", "--state", "active", "--json"]));
  const kid = keys[0].kid as string;
  const inTheClear = ["--private", "--no-passphrase", "--format", "jwk", "--out"];
  await sandbox.ok(["keys", "export", ...inTheClear, "private.jwk", "--", kid]);
  const generate = ["keys", "generate", "--no-store", "--format", "jwk", "--no-passphrase", "--out"];
  await sandbox.ok([...generate, "service.jwk"]);
  await sandbox.ok(["keys", "jwks", "--out", "jwks.json"]);
  const jwt = await sandbox.ok(["mint", "--secret", "@secret", "--sub", "bob", "--ttl", "5m", "--quiet"]);
  writeFileSync(sandbox.path("refresh-token"), login.refresh_token);
  writeFileSync(sandbox.path("token"), jwt);
  const privateOf = (file: string) => JSON.parse(readFileSync(sandbox.path(file), "utf8")).d as string;
  const secrets = new Map<string, readonly string[]>(
    Object.entries({
      ...TYPED,
      refreshToken: login.refresh_token.slice("jwtctl_rt_".length),
      savedRefreshToken: savedRefreshToken(sandbox).slice("jwtctl_rt_".length),
      privateKey: privateOf("private.jwk"),
      serviceKey: privateOf("service.jwk"),
    }).map(([name, text]) => [name, spellings(text)]),
  );
  return { sandbox, login, secrets, kid, jwt: jwt.trim() };
}

function savedRefreshToken(sandbox: Sandbox): string {
  const file = sandbox.path("state", "jwtctl", "credentials.json");
  return (/jwtctl_rt_\w+/.exec(readFileSync(file, "utf8")) ?? [""])[0];
}

function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

/** The names of the secrets that a text gives away. */
export function leaksIn(text: string, { secrets }: World, allowed: readonly string[] = []): string[] {
  return [...secrets]
    .filter(([name, forms]) => !allowed.includes(name) && forms.some((form) => text.includes(form)))
    .map(([name]) => name);
}

/** What --verbose says includes what is said without it. */
export const MODES = [
  ["--verbose", "--no-input"],
  ["--json", "--verbose", "--no-input"],
];
