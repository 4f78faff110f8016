import { utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority } from "../support/authority.ts";
import { isStopped, signalAt, until } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";

/**
 * Of the steps of a refresh: the one at which it stands still. They are named: how many there are depends on whether the
 * second of the clock has changed since the last signature.
 */
const MOMENTS = [
  ["has written down the successor, and not traded yet", "after rename"],
  ["has traded, and not saved yet", "after rename, then after COMMIT"],
] as const;

describe("a refresh of the current login that stands still (SIGSTOP) so long that another takes its place", () => {
  it.each(MOMENTS)(
    "when it %s: it presents no used token and overwrites nothing when it goes on",
    async (_, moment) => {
      const sandbox = await authority({ login: true });
      // A second use of any token would be theft, at once.
      await sandbox.ok(["config", "set", "reuse_window", "0"]);
      const stopped = sandbox.start(["refresh"], { env: signalAt("SIGSTOP", moment) });
      await until(() => isStopped(stopped.child.pid));
      const long = new Date(Date.now() - 60_000);
      utimesSync(sandbox.path("state", "jwtctl", "credentials.json.lock"), long, long);
      for (let round = 0; round < 2; round++) await sandbox.ok(["refresh"]);
      stopped.child.kill("SIGCONT");
      expect(await stopped.ended).toMatchObject({ code: 0 });
      await sandbox.ok(["refresh"]);
      await sandbox.ok(["access-token"]);
      const reasons = behind(sandbox, (database) =>
        database.prepare("SELECT reason FROM sessions").pluck().all(),
      );
      expect(reasons).toEqual([null]);
      await expectSound(sandbox);
    },
  );
});
