import type { IncomingMessage } from "node:http";
import { pipeline, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AppError } from "../../core/base/errors.ts";

/**
 * The body of an answer, unpacked, both forms counted as they come: neither an endless stream nor a small one that
 * unpacks to gigabytes is held in memory.
 *
 * @param limit bytes, of the packed and of the unpacked form
 * @throws AppError `network_too_large`, `network_bad_content`; the stream's own errors
 */
export async function readBody(response: IncomingMessage, limit: number, from: string): Promise<Uint8Array> {
  if (Number(response.headers["content-length"]) > limit) throw tooLarge(from, limit);
  const coding = response.headers["content-encoding"]?.trim().toLowerCase();
  const unpacked = unpack(response, coding, limit, from);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked) {
      size += (chunk as Uint8Array).length;
      if (size > limit) throw tooLarge(from, limit);
      chunks.push(chunk as Uint8Array);
    }
  } catch (error) {
    throw isPackingFault(error) ? brokenPacking(from, coding) : error;
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks);
}

function unpack(
  response: IncomingMessage,
  coding: string | undefined,
  limit: number,
  from: string,
): NodeJS.ReadableStream {
  if (coding === undefined || coding === "" || coding === "identity") return response;
  const unpacker = UNPACKERS[coding]?.();
  if (unpacker === undefined) {
    throw new AppError("network_bad_content", `${from} answered in the unknown content coding "${coding}"`, {
      hints: ["It was asked for gzip, deflate or br, or nothing: the server is at fault"],
    });
  }
  // The outcome reaches the reader of the last stream.
  return pipeline(response, counter(limit, from), unpacker, () => undefined);
}

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function counter(limit: number, from: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(tooLarge(from, limit));
      else done(null, chunk);
    },
  });
}

function isPackingFault(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return code.startsWith("Z_") || code.startsWith("ERR_BROTLI") || code.startsWith("ERR__ERROR_");
}

function brokenPacking(from: string, coding: string | undefined): AppError {
  return new AppError("network_bad_content", `${from} answered with broken ${coding} data`, {
    hints: ["Try again; if it stays so, the server or a proxy before it is at fault"],
  });
}

function tooLarge(from: string, limit: number): AppError {
  return new AppError("network_too_large", `the answer of ${from} is larger than ${limit} bytes`, {
    hints: ["A JWKS of this size is not one; check the URL"],
    data: { limit },
  });
}
