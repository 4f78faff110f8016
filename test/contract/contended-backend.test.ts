import { expect, onTestFinished, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import type {
  Change,
  Decided,
  Facts,
  Question,
  StepName,
  StoreBackend,
} from "../../src/core/authority/ports/store-backend.ts";
import { createStoreOn } from "../../src/storage/engine/store-engine.ts";
import { SqliteBackend } from "../../src/storage/sqlite/backend.ts";
import { openDatabase } from "../../src/storage/sqlite/database.ts";
import { MemoryBackend } from "../support/memory-backend.ts";
import { created, temporaryPath } from "../support/store-files.ts";
import { fill, HOUR, SECOND, START, sampleKey, trade } from "../support/store-samples.ts";

/** What others do between the facts of a step and its change; undefined: nothing, and the change is made. */
type Rival = (() => Promise<unknown>) | undefined;

/** A backend on which others are quicker: an optimistic one, as a database without one lock for all would be. */
function contended(backend: StoreBackend, rivals: Rival[]): StoreBackend & { readonly tries: string[] } {
  const tries: string[] = [];
  const step = async <Name extends StepName, Result>(
    name: Name,
    question: Question<Name>,
    decide: (facts: Facts<Name>) => Decided<Result, Change<Name>>,
  ) => {
    tries.push(name);
    const rival = rivals.shift();
    if (rival === undefined) return backend.step(name, question, decide);
    // The facts are read and a decision is made; then somebody else changes what it was made of.
    decide(await backend.facts(name, question));
    await rival();
    return undefined;
  };
  return new Proxy({} as StoreBackend & { tries: string[] }, {
    get: (_, name) => {
      if (name === "step") return step;
      if (name === "tries") return tries;
      const member = Reflect.get(backend, name) as (...given: unknown[]) => unknown;
      return member.bind(backend);
    },
  });
}

const NOTHING = async () => undefined;

const BACKENDS: Readonly<Record<string, () => Promise<StoreBackend>>> = {
  memory: async () => new MemoryBackend(),
  SQLite: async () => {
    const path = temporaryPath();
    await created(path);
    const backend = new SqliteBackend(openDatabase(path));
    onTestFinished(() => backend.close());
    return backend;
  },
};

test.each(Object.keys(BACKENDS))(
  "%s: a refresh that others overtake is decided anew, by what they have left and by the time it is then",
  async (name) => {
    const backend = (await BACKENDS[name]?.()) as StoreBackend;
    const plain = await fill(createStoreOn(backend));
    const now = START + HOUR;
    const order = trade("login-1/1", "mine");
    let elapsed = 0;
    const other = () => {
      elapsed = 2 * SECOND;
      return plain.rotateRefreshToken(trade("login-1/1", "theirs"), now + SECOND);
    };
    const quarrel = contended(backend, [other]);
    const store = createStoreOn(quarrel, { stopwatch: () => elapsed });
    // The first try would have rotated, under a clock that is behind the rotation of the other.
    const result = await store.rotateRefreshToken(order, now);
    expect(result).toMatchObject({ outcome: "replayed" });
    expect(quarrel.tries).toEqual(["rotation", "rotation"]);
    expect((await plain.listAudit({})).at(-1)).toMatchObject({
      type: "token_replayed",
      at: now + 2 * SECOND,
    });
    expect(await plain.listRefreshTokens("login-1")).toHaveLength(2);
  },
);

test.each(Object.keys(BACKENDS))(
  "%s: whatever a step is about, it is made once, however often it is tried",
  async (name) => {
    const steps: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
      keys: (store) => store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START),
      signature: (store) => store.reserveSignature("second", START / 1000 + 60, START),
      user: (store) => store.setUserStatus("user-ada", "disabled", START),
      attempt: (store) => store.beginPasswordAttempt("ada", START),
      revocation: (store) => store.revokeSessions({ all: true }, "revoked", START),
      pruning: (store) => store.pruneSessions({ endedBefore: START + 400 * 24 * HOUR, limit: 10 }, START),
      log: (store) => store.noteAudit({ type: "store_backed_up", details: {} }, START),
    };
    const backend = (await BACKENDS[name]?.()) as StoreBackend;
    const calm = (await BACKENDS[name]?.()) as StoreBackend;
    const plain = await fill(createStoreOn(calm));
    await fill(createStoreOn(backend));
    for (const [step, work] of Object.entries(steps)) {
      const quarrel = contended(backend, [NOTHING, NOTHING, NOTHING]);
      expect([step, await work(createStoreOn(quarrel))]).toEqual([step, await work(plain)]);
      expect(quarrel.tries).toEqual([step, step, step, step]);
    }
    expect(await createStoreOn(backend).listAudit({})).toEqual(await plain.listAudit({}));
  },
);

test("a key whose private half is overdue costs a second question, and that may be overtaken too", async () => {
  const backend = new MemoryBackend();
  const plain = await fill(createStoreOn(backend));
  await plain.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START);
  const quarrel = contended(backend, [undefined, NOTHING]);
  const later = START + 24 * HOUR;
  expect(await createStoreOn(quarrel).tidy(later)).toMatchObject({ destroyed: ["first"] });
  expect(quarrel.tries).toEqual(["keys", "keys", "keys"]);
});

test("when somebody is quicker every time, the store says that it is busy, and nothing has changed", async () => {
  const backend = new MemoryBackend();
  const plain = await fill(createStoreOn(backend));
  const { seq } = await plain.readAuditHead();
  const quarrel = contended(
    backend,
    Array.from({ length: 1000 }, () => NOTHING),
  );
  await expect(createStoreOn(quarrel).setUserStatus("user-ada", "disabled", START)).rejects.toMatchObject({
    code: "store_busy",
  });
  expect((await plain.readAuditHead()).seq).toBe(seq);
  expect(await plain.findUser("ada", START)).toMatchObject({ status: "active" });
});
