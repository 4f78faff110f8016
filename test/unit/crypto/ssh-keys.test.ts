import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { describeWith } from "../../support/needs.ts";
import { bytes, countingRandom, publicJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content);

const folder = mkdtempSync(join(tmpdir(), "jwtctl-ssh-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sshKeygen(...args: readonly string[]): string {
  return execFileSync("ssh-keygen", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function made(type: string, bits: string, ...more: readonly string[]): string {
  const path = join(folder, `${type}-${bits}-${more.length}`);
  sshKeygen("-q", "-t", type, "-b", bits, "-N", "", "-C", "me@host", "-f", path, ...more);
  return path;
}

describeWith("keys of OpenSSH", ["sh", "-c", "command -v ssh-keygen"], () => {
  it.each([
    ["ed25519", "256"],
    ["rsa", "2048"],
    ["ecdsa", "256"],
    ["ecdsa", "384"],
    ["ecdsa", "521"],
  ])("%s of %s bits: the private file, the public line, and the line in other files", async (type, bits) => {
    const path = made(type, bits);
    const line = readFileSync(`${path}.pub`, "utf8");
    const { keys, format } = await read(readFileSync(path));
    expect(format).toBe("openssh");
    const [jwk] = keys as [Jwk];
    // node:crypto takes it, and its public half is the one of the .pub file.
    const key: KeyObject = createPrivateKey({ key: { ...jwk }, format: "jwk" });
    expect(createPublicKey(key).export({ format: "jwk" })).toEqual(publicJwk(jwk));
    for (const text of [
      line,
      line.trim().split(" ").slice(0, 2).join(" "),
      line.split(" ")[1] ?? "",
      `# comment\n${line}`,
      `from="10.0.0.0/8",no-pty ${line}`,
      `host.example,10.0.0.1 ${line}`,
      sshKeygen("-e", "-m", "RFC4716", "-f", `${path}.pub`),
    ]) {
      expect((await read(text)).keys).toEqual([publicJwk(jwk)]);
    }
    expect((await read(readFileSync(path, "utf8").replaceAll("\n", "\\n"))).keys).toEqual([jwk]);
    expect((await read(Buffer.from(readFileSync(path)).toString("base64"))).keys).toEqual([jwk]);
  });

  it("several lines are several keys", async () => {
    const lines = [made("ed25519", "257"), made("ecdsa", "256", "-v")].map((path) =>
      readFileSync(`${path}.pub`, "utf8"),
    );
    expect((await read(lines.join(""))).keys.map(({ kty }) => kty)).toEqual(["OKP", "EC"]);
  });

  it("a key under a passphrase is named, and the advice works", async () => {
    const path = join(folder, "locked");
    sshKeygen("-q", "-t", "ed25519", "-N", "a passphrase", "-f", path);
    const error = await refusal(read(readFileSync(path)), "key_malformed");
    expect(error.message).toBe("this is an OpenSSH private key under a passphrase");
    expect(error.hints.join()).toContain("ssh-keygen -p -N '' -f COPY");
    sshKeygen("-q", "-p", "-P", "a passphrase", "-N", "", "-f", path);
    expect((await read(readFileSync(path))).keys).toHaveLength(1);
  });

  it("a cut line is refused", async () => {
    const line = readFileSync(`${made("ed25519", "255")}.pub`, "utf8");
    const error = await refusal(read(line.slice(0, 60)), "key_malformed");
    expect(error.message).toContain("is cut off");
  });
});
