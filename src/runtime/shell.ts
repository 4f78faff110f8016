import type { Shell } from "../core/base/text/shell.ts";

/** PowerShell adds its user's folder to this variable of the machine; cmd.exe does not. */
const POWERSHELL_WAS_HERE = /\\Documents\\(?:Windows)?PowerShell\\Modules/i;

/**
 * Tells the shell from what it leaves in the environment. On Unix it is one of POSIX, whatever else is installed.
 *
 * @param platform as `process.platform` has it
 */
export function shellOf(platform: string, env: Readonly<Record<string, string | undefined>>): Shell {
  if (platform !== "win32") return "posix";
  // Git Bash, MSYS2, Cygwin.
  if (env.MSYSTEM || env.SHELL) return "posix";
  if (POWERSHELL_WAS_HERE.test(env.PSModulePath ?? "")) return "powershell";
  return env.PROMPT ? "cmd" : "powershell";
}
