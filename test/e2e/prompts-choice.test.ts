import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import jwtIo from "../fixtures/tokens/jwt-io.json" with { type: "json" };
import { describeWith } from "../support/needs.ts";
import { Sandbox } from "../support/spawn.ts";
import { Terminal } from "../support/terminal.ts";

describeWith("several tokens at a real terminal", ["tmux", "-V"], () => {
  const log = `Authorization: Bearer ${jwtIo.new.token}\nCookie: session=${jwtIo.old.token}; a=\u001b]0;title\u0007\n`;

  it("are chosen from with the arrow keys, and the answer stays alone on stdout", async () => {
    const sandbox = new Sandbox();
    writeFileSync(sandbox.path("server.log"), log);
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type("jwtctl decode @server.log --part header > chosen.json; echo CODE=$?");
    const question = await terminal.shows("Which one?");
    expect(question).toContain("line 1 (Authorization)");
    terminal.press("Down");
    terminal.press("Enter");
    await terminal.shows("CODE=0");
    terminal.type("clear; wc -c chosen.json; jwtctl decode @server.log --pick session | grep -c repaired");
    const screen = await terminal.shows(/chosen\.json\s+\d+[\s\S]*READY>/);
    expect(screen).toMatch(/27 chosen\.json/);
  });

  it("are not shown when the choice is cancelled with Ctrl-C", async () => {
    const sandbox = new Sandbox();
    writeFileSync(sandbox.path("server.log"), log);
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type("jwtctl decode @server.log; echo CODE=$?");
    await terminal.shows("Which one?");
    terminal.press("C-c");
    const screen = await terminal.shows(/CODE=\d+/);
    expect(screen).toContain("CODE=130");
    expect(screen).not.toContain("John Doe");
  });
});
