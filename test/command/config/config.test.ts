import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

describe("config set", () => {
  it("says what a setting was, or that it is so already", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase --issuer https://a.example");
    expect(await cli.ok("config set issuer https://b.example")).toBe(
      "issuer = https://b.example (was https://a.example)\n",
    );
    expect(await cli.ok("config set issuer https://b.example")).toBe(
      "nothing to do: issuer is https://b.example already\n",
    );
    expect(await cli.ok("config set access_ttl 900")).toBe("nothing to do: access_ttl is 15m already\n");
  });
});

describe("keys thumbprint of what is nowhere", () => {
  it("says that it is neither a file nor a key, with a store and without", async () => {
    const cli = new Cli();
    const refused = () => cli.refusal("keys thumbprint nofile");
    const expected = {
      exit: 3,
      code: "key_not_found",
      message: expect.stringContaining('neither a file "nofile" nor a key'),
    };
    expect(await refused()).toMatchObject(expected);
    await cli.ok("init --no-passphrase");
    expect(await refused()).toMatchObject(expected);
    const [key] = await cli.json<{ kid: string }[]>("keys list");
    expect(await cli.ok(["keys", "thumbprint", key?.kid.slice(0, 8) ?? ""])).toContain(key?.kid);
  });
});
