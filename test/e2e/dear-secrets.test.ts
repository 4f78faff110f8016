import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/authority.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { refusalOf, Sandbox } from "../support/spawn.ts";

const GIVEN = { JWTCTL_PASSPHRASE: "seven stones in the brook" };
const WRONG = { JWTCTL_PASSPHRASE: "eight stones in the brook" };

interface Sealed {
  readonly private_form: string;
  readonly private_text: string;
}

// Everywhere else what is derived is cheap, or made once: this is the program as it is.
describe("passwords and passphrases", () => {
  it("cost an attacker what is promised, and open with the right one alone", async () => {
    const sandbox = new Sandbox();
    expect(await sandbox.jwtctl(["init"], { env: GIVEN })).toMatchObject({ code: 0 });
    const add = ["users", "add", "alice", "--password-stdin"];
    expect(await sandbox.jwtctl(add, { stdin: PASSWORD })).toMatchObject({ code: 0 });
    const { keys, hash } = behind(sandbox, (database) => ({
      keys: database.prepare("SELECT private_form, private_text FROM signing_keys").all() as Sealed[],
      hash: database.prepare("SELECT password_hash FROM users").pluck().get(),
    }));
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(keys).toHaveLength(2);
    for (const { private_form, private_text } of keys) {
      expect(private_form).toBe("encrypted");
      const header = Buffer.from(private_text.split(".")[0] ?? "", "base64url").toString();
      expect(JSON.parse(header)).toMatchObject({ alg: "PBES2-HS512+A256KW", p2c: 600_000 });
    }
    const mint = ["mint", "--sub", "bob", "--json"];
    expect(await sandbox.jwtctl(mint, { env: GIVEN })).toMatchObject({ code: 0 });
    const ended = await sandbox.jwtctl(mint, { env: WRONG });
    expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "passphrase_wrong"]);
    const logIn = ["login", "alice", "--password-stdin", "--no-save", "--json"];
    expect(await sandbox.jwtctl(logIn, { stdin: PASSWORD, env: GIVEN })).toMatchObject({ code: 0 });
    const guess = await sandbox.jwtctl(logIn, { stdin: `${PASSWORD}?`, env: GIVEN });
    expect([guess.code, guess.stdout, refusalOf(guess).code]).toEqual([1, "", "credentials_refused"]);
    await expectSound(sandbox);
  });
});
