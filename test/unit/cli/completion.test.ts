import { describe, expect, it } from "vitest";
import { commandOf, type Offer, offerFor } from "../../../src/cli/completion/offer.ts";
import { unquoted } from "../../../src/cli/completion/unquoted.ts";

/** What is offered after these words; the last one is at the cursor. */
async function offer(...words: readonly string[]): Promise<Offer> {
  return offerFor(words, await commandOf(words)?.load());
}

async function values(...words: readonly string[]): Promise<readonly string[]> {
  return (await offer(...words)).candidates.map(({ value }) => value);
}

describe("the name of a command", () => {
  it("can be any noun or bare verb, each with what it does", async () => {
    const { candidates } = await offer("");
    const names = candidates.map(({ value }) => value);
    expect(names).toEqual(expect.arrayContaining(["decode", "keys", "completion", "help"]));
    expect(names).not.toContain("list");
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(candidates.filter(({ description }) => description === "")).toEqual([]);
  });

  it("begins with what is typed", async () => {
    expect(await values("de")).toEqual(["demo", "decode"]);
    expect(await values("nothing")).toEqual([]);
  });

  it("can be an alias, when that is typed", async () => {
    expect(await values("ins")).toEqual(["inspect"]);
    expect(await values("")).not.toContain("inspect");
    expect(await values("sign", "--su")).toEqual(["--sub"]);
  });

  it("after a noun is one of its verbs", async () => {
    expect(await values("config", "")).toEqual(["get", "set", "list"]);
    expect(await values("keys", "re")).toEqual(["retire", "revoke"]);
    expect(await values("audit", "")).toEqual(["list", "export", "verify"]);
  });

  it("is not offered after what is no command", async () => {
    expect(await values("dekode", "")).toEqual([]);
    expect(await values("keys", "lst", "")).toEqual([]);
  });

  it("stands behind global options and behind help", async () => {
    expect(await values("--db", "x.db", "config", "s")).toEqual(["set"]);
    expect(await values("help", "config", "s")).toEqual(["set"]);
    expect(await values("help", "who")).toEqual(["whoami"]);
  });
});

describe("options", () => {
  it("are those of the command and those of all commands", async () => {
    const names = await values("tokens", "list", "--");
    expect(names).toEqual(expect.arrayContaining(["--user", "--limit", "--json", "--db", "--help"]));
    expect(await values("--js")).toEqual(["--json"]);
  });

  it("belong to the verb that a noun alone stands for", async () => {
    expect(await values("audit", "--fol")).toEqual(["--follow"]);
  });

  it("are given once, unless they are repeatable", async () => {
    expect(await values("tokens", "list", "--user", "a", "--us")).toEqual([]);
    expect(await values("tokens", "list", "--user=a", "--us")).toEqual([]);
    expect(await values("keys", "list", "--state", "active", "--sta")).toEqual(["--state"]);
    expect(await values("tokens", "list", "--json", "--js")).toEqual([]);
  });

  it("that contradict one another are not offered, whichever declares it", async () => {
    expect(await values("tamper", "--attack", "none", "--al")).not.toContain("--all");
    expect(await values("tamper", "--all", "--att")).toEqual([]);
    expect(await values("tamper", "--att")).toEqual(["--attack"]);
  });

  it("that are hidden or refused are not offered", async () => {
    expect(await values("completion", "bash", "--cand")).toEqual([]);
    expect(await values("login", "--password")).not.toContain("--password");
  });

  it("are offered where nothing else can follow", async () => {
    expect(await values("keys", "list", "")).toContain("--state");
  });
});

describe("values", () => {
  it("are the choices of the option", async () => {
    expect(await values("--color", "")).toEqual(["auto", "always", "never"]);
    expect(await values("tokens", "list", "--sort", "l")).toEqual(["last-used"]);
    expect(await values("tokens", "list", "--sort=l")).toEqual(["--sort=last-used"]);
  });

  it("are the choices of the argument", async () => {
    expect(await values("completion", "")).toEqual(["bash", "zsh", "fish", "powershell"]);
  });

  it("are to be looked up, when the store or the shell knows them", async () => {
    expect(await offer("keys", "show", "")).toMatchObject({ names: "kid", before: "", takesHyphen: true });
    expect(await offer("users", "show", "")).toMatchObject({ names: "user", takesHyphen: false });
    expect(await offer("users", "show", "--", "")).toMatchObject({ names: "user", takesHyphen: true });
    expect(await offer("audit", "--kid=a")).toMatchObject({ names: "kid", before: "--kid=" });
    expect(await offer("mint", "--alg", "")).toMatchObject({ names: "algorithm" });
    expect(await offer("decode", "@")).toMatchObject({ names: "file", candidates: [] });
    expect(await offer("--db", "")).toMatchObject({ names: "file" });
  });

  it("can be a kid that begins like an option", async () => {
    const { names, candidates } = await offer("keys", "show", "-");
    expect(names).toBe("kid");
    expect(candidates.map(({ value }) => value)).toContain("--format");
  });

  it("end with the last argument", async () => {
    expect((await offer("keys", "show", "dW5p", "")).names).toBeUndefined();
    expect((await offer("users", "show", "alice", "")).names).toBeUndefined();
    expect((await offer("tokens", "revoke", "4k9v", "")).names).toBe("session");
  });

  it("after -- are no options", async () => {
    expect(await values("keys", "show", "--", "--")).toEqual([]);
    expect((await offer("keys", "show", "--", "-")).names).toBe("kid");
  });

  it("of a flag are none", async () => {
    expect(await offer("keys", "list", "--json=")).toEqual({ candidates: [] });
  });
});

describe("a word typed in bash", () => {
  it.each([
    ["alice", "alice"],
    ['"alice b', "alice b"],
    ["alice\\ b", "alice b"],
    ["'o\\k' x", "o\\k x"],
    ['"a\\"b\\k"', 'a"b\\k'],
    ["$HOME", "$HOME"],
    ["", ""],
  ])("%s is %s", (typed, word) => expect(unquoted(typed)).toBe(word));
});
