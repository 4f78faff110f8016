import { describe, expect, it } from "vitest";
import { leaksIn, MODES, planted, type World } from "../support/planted.ts";
import { careless } from "../support/preload.ts";
import type { Ended } from "../support/spawn.ts";

describe("a crash", () => {
  const crashes: [string, string, readonly string[]][] = [
    ["argon2", "login", ["login", "alice", "--password-file", "password"]],
    ["argon2", "users add", ["users", "add", "bob", "--password-file", "password"]],
    ["sqlite", "refresh", ["refresh", "@refresh-token"]],
    ["sqlite", "keys rotate", ["keys", "rotate"]],
    ["sign", "mint", ["mint", "--key", "service.jwk", "--sub", "bob", "--ttl", "5m"]],
    ["sign", "access-token", ["refresh"]],
    ["hash", "refresh", ["refresh", "@refresh-token"]],
    ["hash", "keys thumbprint", ["keys", "thumbprint", "private.jwk"]],
    ["later", "an error that nobody waited for", ["tokens", "list"]],
  ];

  it.each(crashes)(
    "in %s (%s) ends with 70, says how to report it, and quotes nothing",
    async (broken, _, words) => {
      const world = await planted({ processes: true });
      const env = careless(broken, [...world.secrets.values()].flat());
      for (const mode of MODES) {
        const ended = await world.sandbox.jwtctl([...words, ...mode], { env });
        expectReport(ended, world);
      }
    },
  );
});

function expectReport(ended: Ended, world: World): void {
  expect(leaksIn(ended.stdout + ended.stderr, world), ended.stderr).toEqual([]);
  expect(ended.code, ended.stderr).toBe(70);
  expect(ended.stderr).toMatch(/this is a bug in jwtctl/);
  expect(ended.stderr).toMatch(/Report it/);
}
