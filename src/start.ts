import { main, reportCrash } from "./main.ts";
import { createSystemRuntime } from "./runtime/system.ts";

/** What bin/jwtctl.js calls. The exit code is set, not forced, so that nothing still being written is cut. */
export async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  const runtime = createSystemRuntime();
  // Node's own report of such an error quotes its message, which may quote a secret; and it would end with 1.
  process.once("uncaughtException", (error) => process.exit(reportCrash(error, argv, runtime)));
  process.exitCode = await main(argv, runtime);
}
