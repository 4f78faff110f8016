import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/authority.ts";
import { describeWith } from "../support/needs.ts";
import { Sandbox } from "../support/spawn.ts";
import { Terminal } from "../support/terminal.ts";

describeWith("at a real terminal", ["tmux", "-V"], () => {
  it("init asks for a passphrase twice without showing it, and login for a password", async () => {
    const sandbox = new Sandbox();
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type("jwtctl init");
    await terminal.shows("New passphrase");
    terminal.type("open sesame, said nobody");
    await terminal.shows("Repeat the");
    terminal.type("open sesame, said nobody");
    await terminal.shows(/created .*jwtctl\.db[\s\S]*READY>/);
    expect(terminal.screen()).not.toContain("sesame");

    terminal.type("clear; jwtctl users add alice");
    await terminal.shows(/[Pp]assword for alice/);
    terminal.type(PASSWORD);
    await terminal.shows(/Repeat/);
    terminal.type(PASSWORD);
    await terminal.shows(/Repeat[\s\S]*READY>/);

    terminal.type("clear; jwtctl login alice");
    // What the command before has asked is gone: only then the question is the new one.
    await terminal.shows(/^(?![\s\S]*Repeat)[\s\S]*[Pp]assword for/);
    terminal.type(PASSWORD);
    await terminal.shows("Passphrase of the store");
    terminal.type("open sesame, said nobody");
    await terminal.shows(/alice[\s\S]*READY>/);
    expect(terminal.screen()).not.toContain(PASSWORD);
    expect(JSON.parse(await sandbox.ok(["tokens", "list", "--json"]))).toMatchObject([
      { user: "alice", status: "active" },
    ]);
  });

  it("Ctrl-C at a prompt ends with 130 and changes nothing", async () => {
    const sandbox = new Sandbox();
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type("jwtctl init; echo CODE=$?");
    await terminal.shows("New passphrase");
    terminal.press("C-c");
    const screen = await terminal.shows(/CODE=\d+/);
    expect(screen).toContain("CODE=130");
    expect((await sandbox.jwtctl(["keys", "list"])).code).toBe(3);
  });

  it("decode colours the segments on a terminal and not with NO_COLOR", async () => {
    const sandbox = new Sandbox();
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type("NO_COLOR=1 jwtctl decode eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln");
    const screen = await terminal.shows(/alice[\s\S]*READY>/);
    expect(screen).toMatch(/not verified|nothing (was|has been) verified/i);
  });
});

describe("without a terminal", () => {
  it("nothing waits for an answer that cannot come", async () => {
    const { code, stderr } = await new Sandbox().jwtctl(["init"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--no-passphrase");
  });
});
