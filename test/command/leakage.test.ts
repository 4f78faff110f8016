import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../src/cli/catalog.ts";
import { leaksIn, MODES, planted, TYPED, type World } from "../support/planted.ts";
import { storeOf } from "../support/sound-store.ts";
import type { Sandbox } from "../support/spawn.ts";

interface Use {
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly env?: Record<string, string>;
  /** What was asked for, and so is printed on stdout. */
  readonly asked?: readonly string[];
}

/** Each command as it is used with secrets, well and badly. A command without an entry fails the test. */
function usesOf({ login, kid, jwt }: World): Record<string, readonly Use[]> {
  const use = (line: string, more: Omit<Use, "words"> = {}): Use => ({ words: line.split(" "), ...more });
  const { password, wrongPassword, newPassword, secret, misplaced } = TYPED;
  const token = { stdin: login.refresh_token };
  return {
    demo: [use("demo")],
    decode: [use("decode @token"), use("decode", { stdin: login.refresh_token }), use("decode private.jwk")],
    verify: [
      use("verify @token --secret @secret"),
      use("verify @token --secret @wrongPassword"),
      use(`verify @token --secret ${secret}`),
      use("verify @token --secret env:SECRET", { env: { SECRET: secret } }),
      use("verify @token --key service.jwk"),
      use("verify @token"),
    ],
    mint: [
      use("mint --secret @secret --sub bob --ttl 5m"),
      use(`mint --secret ${secret} --sub bob --ttl 5m`),
      use("mint --secret @secret --alg ES256 --sub bob"),
      use("mint --key service.jwk --sub bob --ttl 5m"),
      use("mint --key private.jwk --alg RS256 --sub bob"),
      use("mint --key password --sub bob"),
      use("mint --sub bob --ttl 5m"),
    ],
    lint: [use("lint @token"), use("lint @token --secret @secret")],
    diff: [use(`diff ${jwt} @token`), use("diff @token private.jwk")],
    tamper: [use("tamper @token --secret @secret --all"), use("tamper @token --key service.jwk --all")],
    init: [use("init --no-passphrase"), use("init --db new.db --passphrase-file passphrase")],
    "keys generate": [
      use("keys generate"),
      use("keys generate --no-store --out new.pem --key-passphrase-file filePassphrase"),
      use("keys generate --no-store --alg HS256 --format jwk --key-passphrase-file filePassphrase --out -"),
    ],
    "keys list": [use("keys list")],
    "keys show": [use(`keys show ${kid.slice(0, 8)}`)],
    "keys jwks": [use("keys jwks"), use("keys jwks --out jwks.json")],
    "keys export": [
      use(`keys export ${kid.slice(0, 8)}`),
      use(`keys export ${kid.slice(0, 8)} --private --key-passphrase-file filePassphrase --out -`),
      use(`keys export ${kid.slice(0, 8)} --private`),
      use(`keys export ${kid.slice(0, 8)} --private --no-passphrase --format jwk --out -`, {
        asked: ["privateKey"],
      }),
    ],
    "keys import": [
      use("keys import service.jwk"),
      use("keys import password"),
      use("keys import new.pem --key-passphrase-file filePassphrase"),
      use("keys import new.pem --key-passphrase-file wrongPassphrase"),
    ],
    "keys convert": [
      use("keys convert private.jwk --to pem --public"),
      use("keys convert new.pem --to jwk --key-passphrase-file wrongPassphrase"),
      use("keys convert password"),
      use("keys convert private.jwk --to jwk", { asked: ["privateKey"] }),
    ],
    "keys thumbprint": [use("keys thumbprint service.jwk"), use("keys thumbprint private.jwk")],
    "keys lint": [use("keys lint private.jwk"), use("keys lint jwks.json"), use("keys lint password")],
    "keys activate": [use("keys activate x"), use(`keys activate ${kid.slice(0, 8)}`)],
    "keys retire": [use(`keys retire ${kid.slice(0, 8)}`)],
    "keys delete": [use(`keys delete ${kid.slice(0, 8)}`)],
    "keys rotate": [use("keys rotate --dry-run"), use("keys rotate --keep-private")],
    "keys revoke": [use(`keys revoke ${kid.slice(0, 8)} --dry-run`)],
    "keys passphrase": [
      use("keys passphrase --new-passphrase-file passphrase --dry-run"),
      use("keys passphrase --remove --passphrase-file wrongPassphrase"),
    ],
    login: [
      use("login alice --password-stdin", { stdin: wrongPassword }),
      use("login alice --password-stdin", { stdin: password }),
      use("login alice --password-file password"),
      use(`login alice --password=${password}`),
      use(`login alice --password ${misplaced}`),
      use(`login alice ${misplaced}`),
      use(`login ${misplaced} --password-stdin`, { stdin: wrongPassword }),
    ],
    whoami: [use("whoami")],
    "access-token": [use("access-token")],
    refresh: [
      use("refresh --quiet"),
      use("refresh -", token),
      use(`refresh ${login.refresh_token}`),
      use(`refresh ${login.refresh_token.slice(0, -1)}`),
      use("refresh env:TOKEN", { env: { TOKEN: login.refresh_token } }),
      use("refresh @password"),
    ],
    logout: [use("logout -", { stdin: `${login.refresh_token}x` }), use(`logout ${login.refresh_token}`)],
    "users add": [
      use("users add alice --password-stdin", { stdin: password }),
      use("users add carol --password-stdin", { stdin: newPassword }),
      use("users add dave --password-stdin", { stdin: TYPED.misplaced.slice(0, 9) }),
      use(`users add erin ${misplaced}`),
      use(`users add erin --password=${misplaced}`),
    ],
    "users list": [use("users list")],
    "users show": [use("users show alice")],
    "users passwd": [
      use("users passwd alice --password-stdin", { stdin: newPassword }),
      use("users passwd alice --password-file password"),
      use(`users passwd alice ${misplaced}`),
    ],
    "users set": [use("users set alice --claim role=admin"), use(`users set alice ${misplaced}`)],
    "users disable": [use("users disable carol")],
    "users enable": [use("users enable carol")],
    "users unlock": [use("users unlock alice")],
    "users remove": [use("users remove carol --yes")],
    "tokens list": [use("tokens list")],
    "tokens show": [use(`tokens show ${login.session_id}`)],
    "tokens revoke": [
      use("tokens revoke --token -", token),
      use("tokens revoke --token @password"),
      use(`tokens revoke ${login.refresh_token}`),
    ],
    "tokens prune": [use("tokens prune")],
    "config get": [use("config get issuer")],
    "config set": [use("config set reuse_window 20s")],
    "config list": [use("config list")],
    doctor: [use("doctor --full --jwks private.jwk"), use("doctor --fix")],
    backup: [use("backup backup.db --force")],
    restore: [use("restore backup.db --yes"), use("restore password --yes")],
    "audit list": [use("audit --all")],
    "audit export": [use("audit export -")],
    "audit verify": [use("audit verify")],
    completion: [
      use("completion zsh"),
      use("completion bash --candidates", { stdin: ["refresh", login.refresh_token].join("\0") }),
      use("completion fish --candidates", { stdin: `login\0--password=${password}\0` }),
      use("completion zsh --candidates", { stdin: "keys\0show\0\0" }),
      use("completion zsh --candidates", { stdin: "tokens\0show\0\0" }),
    ],
  };
}

describe("secrets that were planted everywhere", () => {
  it("appear on neither stdout nor stderr of any command, used well or badly, with --verbose or --json", async () => {
    const world = await planted({ processes: false });
    const { sandbox } = world;
    const uses = usesOf(world);
    expect(Object.keys(uses).sort()).toEqual(CATALOG.map(({ path }) => path.join(" ")).sort());
    const exits = new Set<number | null>();
    for (const list of Object.values(uses)) {
      for (const { words, stdin = "", env = {}, asked = [] } of list) {
        for (const mode of MODES) {
          const ended = await sandbox.jwtctl([...words, ...mode], { stdin, env });
          const told = `jwtctl ${[...words, ...mode].join(" ")} (${ended.code}):\n${ended.stdout}${ended.stderr}`;
          expect(leaksIn(ended.stderr, world), told).toEqual([]);
          expect(leaksIn(ended.stdout, world), told).toEqual(asked);
          expect(ended.code, told).not.toBe(70);
          exits.add(ended.code);
        }
      }
    }
    for (const exit of [0, 1, 2, 3, 5]) expect(exits).toContain(exit);

    const log = await sandbox.ok(["audit", "export", "-"]);
    expect(log).toContain("login_refused");
    expect(leaksIn(log, world)).toEqual([]);
    expect(log).not.toContain("$argon2");
  });

  it("lie in the store only where they must: a private key in the clear, and nothing else", async () => {
    const world = await planted({ processes: false });
    const { sandbox, login } = world;
    await sandbox.jwtctl(["login", TYPED.misplaced, "--password-stdin"], { stdin: TYPED.wrongPassword });
    await sandbox.ok(["refresh", "-"], { stdin: login.refresh_token });
    await sandbox.ok(["users", "passwd", "alice", "--password-file", "newPassword"]);
    expect(leaksIn(filesOf(sandbox), world, ["privateKey"])).toEqual([]);
    await sandbox.ok(["keys", "passphrase", "--new-passphrase-file", "passphrase"]);
    expect(leaksIn(filesOf(sandbox), world)).toEqual([]);
  });

  it("lie in the file of the current login only as its refresh token, for its owner alone", async () => {
    const world = await planted({ processes: false });
    const file = world.sandbox.path("state", "jwtctl", "credentials.json");
    expect(leaksIn(readFileSync(file, "latin1"), world, ["savedRefreshToken"])).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await world.sandbox.ok(["logout"]);
    expect(readdirSync(world.sandbox.path("state", "jwtctl"))).toEqual([]);
  });
});

/** Every byte of the store, its log, and what else lies beside it. */
function filesOf(sandbox: Sandbox): string {
  const directory = storeOf(sandbox).replace(/\/[^/]*$/, "");
  return readdirSync(directory)
    .map((name) => readFileSync(`${directory}/${name}`, "latin1"))
    .join("\n");
}
