import { describe, expect, it } from "vitest";
import { amount } from "../support/amount.ts";
import { authority, login, type TokenResponse } from "../support/authority.ts";
import { heldUp, together } from "../support/preload.ts";

const PROCESSES = amount({ soak: 100, gate: 15 });

describe(`${PROCESSES} processes start at once with the same refresh token`, () => {
  it("window 60 s, started at once: one rotation, one distinct successor, no family revoked", async () => {
    const sandbox = await authority();
    const first = await login(sandbox, "--no-save");
    // The last of them may present it long after the first has used it: a slow machine takes its time to start so many.
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const started = Array.from({ length: PROCESSES }, () =>
      sandbox.start(["refresh", "-", "--json"], { stdin: first.refresh_token }),
    );
    const ended = await Promise.all(started.map(({ ended }) => ended));
    expect(ended.map(({ code }) => code)).toEqual(Array(PROCESSES).fill(0));
    const answers = ended.map(({ stdout }) => JSON.parse(stdout) as TokenResponse);
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    expect(answers[0]?.refresh_token).not.toBe(first.refresh_token);
    const [family] = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
    expect(family).toMatchObject({ id: first.session_id, status: "active", rotations: 1 });
  });

  it("window 10 s, presented at once: the same, however long each has to wait for its turn", async () => {
    const sandbox = await authority();
    const first = await login(sandbox, "--no-save");
    expect(JSON.parse(await sandbox.ok(["config", "get", "reuse_window", "--json"]))).toBe(10);
    // No signature has to be reserved then: the trade is the first transaction.
    await sandbox.ok(["mint", "--sub", "alice", "--ttl", "20h", "--quiet"]);
    // All present it at the same instant; on a busy machine they come to that point seconds apart.
    const env = heldUp({ now: Date.now() });
    const ended = await together(
      sandbox,
      Array.from({ length: PROCESSES }, () => ({
        args: ["refresh", "-", "--json"],
        stdin: first.refresh_token,
        env,
      })),
    );
    expect(ended.map(({ code }) => code)).toEqual(Array(PROCESSES).fill(0));
    const answers = ended.map(({ stdout }) => JSON.parse(stdout) as TokenResponse);
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    const [family] = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
    expect(family).toMatchObject({ id: first.session_id, status: "active", rotations: 1 });
  });

  it("window 0: one rotation, every other process is refused as reuse, and the family is revoked", async () => {
    const sandbox = await authority();
    const first = await login(sandbox, "--no-save");
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    const started = Array.from({ length: PROCESSES }, () =>
      sandbox.start(["refresh", "-", "--json"], { stdin: first.refresh_token }),
    );
    const ended = await Promise.all(started.map(({ ended }) => ended));
    const winners = ended.filter(({ code }) => code === 0);
    expect(winners).toHaveLength(1);
    const codes = ended
      .filter(({ code }) => code !== 0)
      .map(({ stderr }) => JSON.parse(stderr).error.code as string);
    for (const code of codes) expect(["refresh_reused", "refresh_revoked"]).toContain(code);
    expect(codes).toContain("refresh_reused");
    const [family] = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
    expect(family).toMatchObject({ status: "revoked", reason: "reuse_detected", rotations: 1 });
  });
});
