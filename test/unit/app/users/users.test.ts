import { beforeEach, describe, expect, it } from "vitest";
import { addUser } from "../../../../src/app/users/add-user.ts";
import { changePassword } from "../../../../src/app/users/change-password.ts";
import { checkDefaultClaims, PROTOCOL_CLAIMS } from "../../../../src/app/users/default-claims.ts";
import { removeUser } from "../../../../src/app/users/remove-user.ts";
import { setUserStatus } from "../../../../src/app/users/set-user-status.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import { JsonObject } from "../../../../src/core/base/json/value.ts";
import { createWorld, PASSWORD, type World } from "../sessions/world.ts";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (error) => (error as AppError).code,
  );

describe("adding a user", () => {
  const add = (name: string, password = PASSWORD, allowWeakPassword = false) =>
    addUser(
      { name, password: async () => password, allowWeakPassword, claims: JsonObject.of({ role: "reader" }) },
      world,
    );

  it("keeps the name in NFC and of the password only a hash of its NFC form", async () => {
    const user = await add("zoe\u0301", "se\u0301ven green kettles");
    expect(user).toMatchObject({
      name: "zo\u00e9",
      status: "active",
      weakPassword: false,
      activeSessions: 0,
    });
    expect(await world.store.readPasswordHash(user.id)).toBe("v1:s\u00e9ven green kettles");
    expect(await world.store.findUser("ZO\u00c9", world.clock.now())).toEqual(user);
  });

  it("hashes nothing when the name is taken, in whatever case", async () => {
    expect(await codeOf(add("ALICE"))).toBe("user_exists");
    expect(world.hasher.work).toEqual([]);
  });

  it("is refused when another process takes the name while the password is typed", async () => {
    const late = addUser(
      {
        name: "bob",
        password: async () => {
          await add("Bob");
          return PASSWORD;
        },
        allowWeakPassword: false,
        claims: new JsonObject(),
      },
      world,
    );
    expect(await codeOf(late)).toBe("user_exists");
  });

  it("lets the source of the password check it before it is typed again", async () => {
    const seen: string[] = [];
    const input = {
      name: "bob",
      allowWeakPassword: false,
      claims: new JsonObject(),
      async password(check: (password: string) => void) {
        for (const candidate of ["short", "bob bob bob bob", PASSWORD]) {
          try {
            check(candidate);
            seen.push("good");
          } catch {
            seen.push("refused");
          }
        }
        return PASSWORD;
      },
    };
    await addUser(input, world);
    expect(seen).toEqual(["refused", "refused", "good"]);
  });

  it("records a weak password as weak, and only a weak one", async () => {
    expect((await add("bob", "kettle", true)).weakPassword).toBe(true);
    expect((await add("carol", PASSWORD, true)).weakPassword).toBe(false);
    expect(await codeOf(add("dave", "kettle"))).toBe("password_rejected");
  });
});

describe("default claims", () => {
  it.each(PROTOCOL_CLAIMS)("%s is refused", (name) => {
    expect(() => checkDefaultClaims(JsonObject.of({ role: "x", [name]: "y" }))).toThrow(
      `${name} cannot be a default`,
    );
  });

  it.each(["role", "scope", "email", "auth_time", "SUB", "__proto__"])("%s is taken", (name) => {
    const claims = new JsonObject([[name, "x"]]);
    expect(checkDefaultClaims(claims)).toBe(claims);
  });
});

describe("a user who is removed by another process while somebody is asked", () => {
  const gone = async () => {
    await world.store.removeUser("id-of-alice", world.clock.now());
  };

  it("is not found any more, whatever was to be done", async () => {
    const change = changePassword(
      {
        name: "alice",
        allowWeakPassword: false,
        keepSession: undefined,
        password: () => async () => {
          await gone();
          return PASSWORD;
        },
      },
      world,
    );
    expect(await codeOf(change)).toBe("user_not_found");
    expect(await codeOf(removeUser({ name: "alice", confirm: gone }, world))).toBe("user_not_found");
    expect(await codeOf(setUserStatus({ name: "alice", status: "disabled" }, world))).toBe("user_not_found");
  });
});

it("removing stays undone when it is not confirmed", async () => {
  const refuse = () => Promise.reject(new AppError("confirmation_refused", "no"));
  expect(await codeOf(removeUser({ name: "alice", confirm: refuse }, world))).toBe("confirmation_refused");
  expect(await world.store.findUser("alice", world.clock.now())).not.toBeNull();
});
