import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { authority, PASSWORD } from "../support/authority.ts";
import { Sandbox } from "../support/spawn.ts";

interface File {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

interface World {
  /** Where it was made. */
  readonly directory: string;
  readonly files: readonly File[];
}

let made: Promise<World> | undefined;

/**
 * What examples take for granted: a store with a user who is logged in, key files, tokens in files, and programs that
 * stand for others (`pass`, `curl`, `deploy`, the clipboard). Made once, and copied for each example.
 */
async function makeWorld(): Promise<World> {
  const sandbox = await authority({ login: true });
  const script = `set -euo pipefail
    jwtctl keys generate --no-store --out private.pem --no-passphrase && mv private.pem.pub public.pem
    cp private.pem key.pem
    for sub in bob eve; do jwtctl mint --sub $sub; done > tokens.txt
    sed 's/^/GET \\/ Authorization: Bearer /' tokens.txt > server.log
    head -1 tokens.txt | tee token.txt working.txt; tail -1 tokens.txt > failing.txt
    jwtctl keys list --state standby --json | jq -r '.[0].kid' > kid.txt
    jwtctl tokens list --json | jq -r '.[0].id' > session.txt
    mkdir bin
    program() { cat > bin/$1; chmod +x bin/$1; }
    program pass <<< '#!/bin/sh
      echo "${PASSWORD}"'
    program deploy <<< '#!/bin/sh
      echo deployed'
    program wl-paste <<< '#!/bin/sh
      cat token.txt'
    jwtctl keys jwks > public.jwks
    program curl <<< '#!/bin/sh
      case "$*" in *jwks.json) cat public.jwks ;; *) printf "%s\\n" "$@" ;; esac'`;
  const { code, stderr } = await sandbox.bash(script);
  if (code !== 0) throw new Error(stderr);
  const files = readdirSync(sandbox.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {
        path: relative(sandbox.directory, path),
        content: readFileSync(path),
        mode: statSync(path).mode,
      };
    });
  return { directory: sandbox.directory, files };
}

/** A world of its own for one example. */
export async function copyOfWorld(): Promise<Sandbox> {
  made ??= makeWorld();
  const { directory, files } = await made;
  const sandbox = new Sandbox();
  for (const { path, content, mode } of files) {
    const target = sandbox.path(path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    // The current login names its store.
    const text = path.endsWith(".json")
      ? content.toString().replaceAll(directory, sandbox.directory)
      : content;
    writeFileSync(target, text);
    chmodSync(target, mode);
  }
  return sandbox;
}
