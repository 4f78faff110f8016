import { utimesSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority } from "../support/authority.ts";
import { isStopped, pointsOf, signalAt, until } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";

const REFRESH = { args: ["refresh"] };

/** Of the steps of a refresh: the one after which it stands still, counted from 1. */
const MOMENTS: [string, (points: readonly string[]) => number][] = [
  [
    "has written down the successor, and not traded yet",
    (points) => points.lastIndexOf("after rename", points.lastIndexOf("before BEGIN")) + 1,
  ],
  ["has traded, and not saved yet", (points) => points.lastIndexOf("after COMMIT") + 1],
];

describe("a refresh of the current login that stands still (SIGSTOP) so long that another takes its place", () => {
  it.each(MOMENTS)(
    "when it %s: it presents no used token and overwrites nothing when it goes on",
    async (_, momentOf) => {
      const sandbox = await authority({ login: true });
      // A second use of any token would be theft, at once.
      await sandbox.ok(["config", "set", "reuse_window", "0"]);
      const moment = momentOf(await pointsOf(sandbox, REFRESH));
      expect(moment).toBeGreaterThan(0);
      const stopped = sandbox.start(REFRESH.args, { env: signalAt("SIGSTOP", moment) });
      await until(() => isStopped(stopped.child.pid));
      const long = new Date(Date.now() - 60_000);
      utimesSync(sandbox.path("state", "jwtctl", "credentials.json.lock"), long, long);
      for (let round = 0; round < 2; round++) await sandbox.ok(["refresh"]);
      stopped.child.kill("SIGCONT");
      expect(await stopped.ended).toMatchObject({ code: 0 });
      await sandbox.ok(["refresh"]);
      await sandbox.ok(["access-token"]);
      const reasons = behind(sandbox, (database) =>
        database.prepare("SELECT reason FROM logins").pluck().all(),
      );
      expect(reasons).toEqual([null]);
      await expectSound(sandbox);
    },
  );
});
