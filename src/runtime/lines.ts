import { createReadStream } from "node:fs";
import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import { unreadable } from "./files.ts";
import type { ByteSource, LineRuntime } from "./runtime.ts";
import { startWorkers } from "./workers.ts";

// Unlike everything else (streams.ts), bulk input is read without waiting for it: results are to be written while the
// next lines are still to come.

/** Larger pieces are no faster, and more of them is in memory at a time. */
const CHUNK = 64 * 1024;

export function createLineRuntime(): LineRuntime {
  return {
    parallelism: availableParallelism(),
    stdin: () => sourceOf(process.stdin, "standard input"),
    file: (path) => sourceOf(createReadStream(path, { highWaterMark: CHUNK }), path),
    startWorkers,
  };
}

function sourceOf(stream: Readable, name: string): ByteSource {
  return { chunks: chunksOf(stream, name), close: () => void stream.destroy() };
}

async function* chunksOf(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw unreadable(name, error);
  }
}
