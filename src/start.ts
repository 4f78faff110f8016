import { main } from "./main.ts";
import { createSystemRuntime } from "./runtime/system.ts";

/** What bin/jwtctl.js calls. The exit code is set, not forced, so that nothing still being written is cut. */
export async function start(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), createSystemRuntime());
}
