import fc from "fast-check";
import { expect, test } from "vitest";
import type { RotationResult, Store } from "../../src/core/authority/ports/store.ts";
import { JsonObject } from "../../src/core/base/json/value.ts";
import { createSqliteStore } from "../../src/storage/sqlite/store.ts";
import { createMemoryStore } from "../support/memory-store.ts";
import { portrait } from "../support/store-dump.ts";
import { temporaryDirectory } from "../support/store-files.ts";
import {
  DAY,
  HOUR,
  hashOf,
  MINUTE,
  SECOND,
  START,
  sampleKey,
  sampleSecret,
  sampleSession,
  sampleStore,
  sampleUser,
  trade,
} from "../support/store-samples.ts";

/** One command to both stores, at one time. */
type Command = (store: Store, now: number, moment: Moment) => Promise<unknown>;

interface Moment {
  /** The number of the command, which makes new names. */
  readonly step: number;
  /** The label of a refresh token that may have been given out. */
  token(pick: number): string;
}

const user = fc.constantFrom("ada", "bob");
const LOGINS = ["login-0", "login-1", "login-2"];
const session = fc.constantFrom(...LOGINS);
const kid = fc.constantFrom("first", "second", "k-3", "k-5", "k-8", "secret");
const reuseWindow = fc.constantFrom(0, 10 * SECOND, 60 * SECOND);
const exp = fc.constantFrom(null, START / 1000, (START + DAY) / 1000, (START + 40 * DAY) / 1000 + 0.5);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.tuple(fc.nat({ max: 5 }), reuseWindow).map(
      ([pick, window]): Command =>
        (store, now, { step, token }) =>
          store.rotateRefreshToken(
            trade(token(pick), `t-${step}`, { reuseWindow: window, idleLifetime: 5 * DAY }),
            now,
          ),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(user, fc.constantFrom(HOUR, 20 * DAY)).map(
      ([name, life]): Command =>
        (store, now, { step }) =>
          store.createSession(
            {
              ...sampleSession(`login-${step % 3}-${step}`, name),
              tokenHash: hashOf(`t-${step}`),
              idleExpiresAt: now + 5 * DAY,
              expiresAt: now + life,
            },
            now,
          ),
    ),
  },
  user.map(
    (name): Command =>
      (store, now) =>
        store.addUser(sampleUser(name), now),
  ),
  user.map(
    (name): Command =>
      (store, now) =>
        store.removeUser(`user-${name}`, now),
  ),
  fc.tuple(user, fc.constantFrom("active" as const, "disabled" as const)).map(
    ([name, status]): Command =>
      (store, now) =>
        store.setUserStatus(`user-${name}`, status, now),
  ),
  fc.tuple(user, fc.option(session, { nil: undefined })).map(
    ([name, keepSession]): Command =>
      (store, now) =>
        store.changePassword(
          {
            userId: `user-${name}`,
            passwordHash: `hash-of-${name}`,
            weakPassword: false,
            ...(keepSession !== undefined && { keepSession }),
          },
          now,
        ),
  ),
  {
    weight: 4,
    arbitrary: fc.constantFrom("wrong" as const, "right" as const, "disabled" as const).map(
      (result): Command =>
        async (store, now) => {
          const attempt = await store.beginPasswordAttempt("ada", now);
          const userId = attempt.outcome === "allowed" ? (attempt.user?.id ?? null) : undefined;
          if (userId !== undefined) await store.endPasswordAttempt({ userId, result }, now);
          return attempt;
        },
    ),
  },
  fc.tuple(user, fc.constantFrom("a", "b"), fc.constantFrom([], ["a"], ["b"])).map(
    ([name, claim, remove]): Command =>
      (store, now, { step }) =>
        store.changeClaims({ userId: `user-${name}`, set: new JsonObject([[claim, step % 2]]), remove }, now),
  ),
  fc.constant<Command>((store, now) => store.unlockUser("user-ada", now)),
  fc.array(session, { maxLength: 3 }).map(
    (sessions): Command =>
      (store, now) =>
        store.revokeSessions({ sessions }, "revoked", now),
  ),
  user.map(
    (name): Command =>
      (store, now) =>
        store.revokeSessions({ userId: `user-${name}` }, "logout", now),
  ),
  fc.tuple(user, session, fc.constantFrom("jwtctl", "web")).map(
    ([name, except, clientId]): Command =>
      (store, now) =>
        store.revokeSessions({ userId: `user-${name}`, clientId, except }, "revoked", now),
  ),
  fc.constantFrom("jwtctl", "web").map(
    (clientId): Command =>
      (store, now) =>
        store.revokeSessions({ clientId }, "revoked", now),
  ),
  fc.nat({ max: 3 }).map(
    (limit): Command =>
      (store, now) =>
        store.pruneSessions({ endedBefore: now, limit }, now),
  ),
  fc.constantFrom(0, 30 * DAY).map(
    (ago): Command =>
      (store, now) =>
        store.findLastUse(now - ago),
  ),
  fc.tuple(kid, exp).map(
    ([name, until]): Command =>
      (store, now) =>
        store.reserveSignature(name, until, now),
  ),
  fc.tuple(fc.boolean(), fc.option(fc.constantFrom(HOUR, 10 * DAY), { nil: undefined })).map(
    ([keepPrivate, age]): Command =>
      (store, now, { step }) =>
        store.promoteStandbyKey(
          {
            successor: sampleKey(`k-${step}`),
            keepPrivate,
            ...(age !== undefined && { onlyIfActivatedBefore: now - age }),
          },
          now,
        ),
  ),
  fc.constantFrom("standby" as const, "active" as const, "retiring" as const).map(
    (state): Command =>
      (store, now) =>
        store.addKey({ key: sampleSecret("secret"), state }, now),
  ),
  fc.tuple(kid, kid).map(
    ([name, formerKid]): Command =>
      (store, now) =>
        store.addKey(
          {
            key: sampleKey(`${name}-public`, { privateMaterial: null, formerKid }),
            state: "retiring",
            retiresAt: now + DAY,
          },
          now,
        ),
  ),
  fc.tuple(kid, fc.boolean(), fc.boolean()).map(
    ([name, keepPrivate, helped]): Command =>
      (store, now, { step }) =>
        store.activateKey(
          { kid: name, keepPrivate, ...(helped && { successor: sampleKey(`k-${step}`) }) },
          now,
        ),
  ),
  kid.map(
    (name): Command =>
      (store, now) =>
        store.retireKey(name, now),
  ),
  fc.tuple(kid, fc.nat({ max: 2 }), fc.boolean()).map(
    ([name, count, withSessions]): Command =>
      (store, now, { step }) => {
        const replacements = Array.from({ length: count }, (_, index) => sampleKey(`k-${step}-${index}`));
        return store.revokeKey({ kid: name, replacements, withSessions }, now);
      },
  ),
  fc.tuple(kid, fc.boolean()).map(
    ([name, force]): Command =>
      (store, now) =>
        store.deleteKey({ kid: name, force }, now),
  ),
  fc.boolean().map(
    (complete): Command =>
      async (store, now, { step }) => {
        const keys = (await store.listKeys(now)).filter(({ hasPrivate }) => hasPrivate);
        const materials = keys.slice(complete ? 0 : 1).map(({ kid: name }) => ({
          kid: name,
          material: { form: "encrypted" as const, jwe: `${name}-${step}` },
        }));
        const sealingEpoch = await store.readSealingEpoch();
        return store.resealKeys({ sealingEpoch, encryption: "passphrase", materials }, now);
      },
  ),
);

/** How far the clock moves before a command, backwards too. */
const move = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, SECOND, 9_999, 10 * SECOND) },
  { weight: 2, arbitrary: fc.constantFrom(MINUTE, HOUR, DAY) },
  { weight: 1, arbitrary: fc.constantFrom(5 * DAY, 30 * DAY, 400 * DAY, -1, -HOUR, -10 * DAY) },
);

function gaveToken(answered: unknown): boolean {
  const { value } = answered as { value?: unknown };
  return value === "created" || (value as RotationResult | undefined)?.outcome === "rotated";
}

/** The answer, or that there was none: what a bug in the caller brings differs by backend. */
async function answer(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ value }),
    () => "refused",
  );
}

test("whatever is done to them, at whatever times, memory and SQLite answer and look alike", async () => {
  const directory = temporaryDirectory();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(move, command), { minLength: 20, maxLength: 60 }), async (script) => {
      const memory = createMemoryStore();
      const sqlite = await createSqliteStore(`${directory}/${runs++}.db`);
      try {
        let now = START;
        const tokens = LOGINS.map((id) => `${id}/1`);
        for (const store of [memory, sqlite]) {
          await store.initialise(sampleStore(), now);
          await store.addUser(sampleUser("ada"), now);
          for (const id of LOGINS) await store.createSession(sampleSession(id, "ada"), now);
        }
        for (const [step, [ms, act]] of script.entries()) {
          now += ms;
          const moment = { step, token: (pick: number) => tokens.at(-1 - (pick % tokens.length)) ?? "" };
          const [expected, actual] = [
            await answer(act(memory, now, moment)),
            await answer(act(sqlite, now, moment)),
          ];
          if (gaveToken(expected)) tokens.push(`t-${step}`);
          expect(actual).toEqual(expected);
        }
        expect(await portrait(sqlite, now)).toEqual(await portrait(memory, now));
        expect(await portrait(sqlite, START)).toEqual(await portrait(memory, START));
        expect(await sqlite.listAudit({})).toEqual(await memory.listAudit({}));
        expect(await sqlite.verifyAudit()).toMatchObject({ faultCount: 0 });
      } finally {
        await sqlite.close();
      }
    }),
    { numRuns: 100 },
  );
});
