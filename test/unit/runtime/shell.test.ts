import { describe, expect, it } from "vitest";
import { inShell } from "../../../src/core/base/text/shell.ts";
import { shellWord } from "../../../src/core/base/text/wording.ts";
import { shellOf } from "../../../src/runtime/shell.ts";

describe("commands in the quotes of the shell in use", () => {
  const CLAIMS = `Give an object, as in '{"sub":"bob"}', or single claims`;
  it.each([
    ["posix", CLAIMS, CLAIMS],
    ["cmd", CLAIMS, 'Give an object, as in "{\\"sub\\":\\"bob\\"}", or single claims'],
    ["powershell", CLAIMS, `Give an object, as in '{\\"sub\\":\\"bob\\"}', or single claims`],
    ["cmd", `Run: jwtctl users show ${shellWord("al ice")}`, 'Run: jwtctl users show "al ice"'],
    ["powershell", `Run: jwtctl users show ${shellWord("al ice")}`, "Run: jwtctl users show 'al ice'"],
    ["cmd", `Run: jwtctl users show ${shellWord("o'neill")}`, `Run: jwtctl users show "o'neill"`],
    ["powershell", `Run: jwtctl users show ${shellWord("o'neill")}`, "Run: jwtctl users show 'o''neill'"],
    ["cmd", "Set and export it: export JWT_SECRET=…", "Set and export it: set JWT_SECRET=…"],
    ["powershell", "Set and export it: export JWT_SECRET=…", "Set and export it: $env:JWT_SECRET = …"],
    ["cmd", 'jwtctl decode "$TOKEN"', 'jwtctl decode "%TOKEN%"'],
    ["powershell", 'jwtctl decode "$TOKEN"', 'jwtctl decode "$env:TOKEN"'],
    ["cmd", "the issuer's key and the user's name", "the issuer's key and the user's name"],
    [
      "powershell",
      "in PowerShell it is $env:NAME, in bash $NAME",
      "in PowerShell it is $env:NAME, in bash $NAME",
    ],
  ] as const)("%s: %s", (shell, sentence, shown) => {
    expect(inShell(sentence, shell)).toBe(shown);
  });
});

describe("the shell in use", () => {
  const ITS_MODULES =
    "C:\\Users\\u\\Documents\\WindowsPowerShell\\Modules;C:\\Program Files\\WindowsPowerShell\\Modules";
  const OF_THE_MACHINE =
    "C:\\Program Files\\WindowsPowerShell\\Modules;C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules";
  it.each([
    ["cmd.exe", "win32", { PROMPT: "$P$G", PSModulePath: OF_THE_MACHINE }, "cmd"],
    ["Windows PowerShell", "win32", { PSModulePath: ITS_MODULES }, "powershell"],
    ["PowerShell in cmd.exe", "win32", { PROMPT: "$P$G", PSModulePath: ITS_MODULES }, "powershell"],
    [
      "PowerShell 7",
      "win32",
      { PSModulePath: "C:\\Users\\u\\Documents\\PowerShell\\Modules;C:\\x" },
      "powershell",
    ],
    ["Git Bash", "win32", { MSYSTEM: "MINGW64", PSModulePath: ITS_MODULES }, "posix"],
    ["neither", "win32", {}, "powershell"],
    ["bash", "linux", {}, "posix"],
    ["PowerShell on Linux", "linux", { PSModulePath: "/home/u/.local/share/powershell/Modules" }, "posix"],
    ["zsh on macOS", "darwin", { SHELL: "/bin/zsh" }, "posix"],
  ] as const)("is told by the environment: %s", (_, platform, env, shell) => {
    expect(shellOf(platform, env)).toBe(shell);
  });
});
