import { createBatchProcessor } from "./app/bulk/process-batch.ts";
import type { KeyHint, Trust } from "./app/token/verify-token.ts";
import { createThreadPorts } from "./compose/thread-ports.ts";
import { ENTRIES } from "./output/bulk/entries.ts";
import { serveBatches } from "./runtime/thread.ts";

// A thread of `--lines`: a program of its own, as start.ts is the main one. Keys come from the main thread, which alone
// opens the store and asks servers.
serveBatches<KeyHint, Trust>((task, trust) =>
  createBatchProcessor(task, { entries: ENTRIES, trust, ...createThreadPorts() }),
);
