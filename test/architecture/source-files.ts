import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
const SRC = join(ROOT, "src");

export interface Import {
  /** The importing file, from src/, with forward slashes. */
  readonly from: string;
  /** `core/base/errors.ts` for a file of src/, `node:fs` or `jose` for anything else. */
  readonly to: string;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

export function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}

export function readSource(file: string): string {
  return readFileSync(join(SRC, file), "utf8");
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^"';]*?from\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;

export function importsOf(file: string): Import[] {
  const source = readSource(file);
  const target = (specifier: string) =>
    specifier.startsWith(".")
      ? relative(SRC, resolve(dirname(join(SRC, file)), specifier)).replaceAll("\\", "/")
      : specifier;
  return [
    ...[...source.matchAll(STATIC)].map((match) => ({
      from: file,
      to: target(match[2] ?? ""),
      dynamic: false,
      typeOnly: match[1] !== undefined,
    })),
    ...[...source.matchAll(DYNAMIC)].map((match) => ({
      from: file,
      to: target(match[1] ?? ""),
      dynamic: true,
      typeOnly: false,
    })),
  ];
}
