import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeWith } from "../../support/needs.ts";
import { run, Sandbox } from "../../support/spawn.ts";
import { ALGORITHMS, debianJose, type InteropAlgorithm, type KeyFiles, PEERS, type Peer } from "./peers.ts";

const FAR = 4_102_444_800;

/** A key made by jwtctl, in the form the peer reads. */
async function ownKey(sandbox: Sandbox, alg: InteropAlgorithm, peer: Peer): Promise<KeyFiles> {
  const file = sandbox.path(`own-${alg}`);
  const format = alg === "HS256" ? "jwk" : peer.form;
  const words = [
    "keys",
    "generate",
    "--no-store",
    "--alg",
    alg,
    "--format",
    format,
    "--no-passphrase",
    "--out",
    file,
  ];
  await sandbox.ok([...words, "--quiet"]);
  if (alg !== "HS256") return { privateFile: file, publicFile: `${file}.pub` };
  if (peer.form === "jwk") return { privateFile: file, publicFile: file };
  // The other peers take the bytes themselves; one of them only text.
  const text = Buffer.from((JSON.parse(readFileSync(file, "utf8")) as { k: string }).k).toString("hex");
  writeFileSync(`${file}.raw`, text);
  return { privateFile: `${file}.raw`, publicFile: `${file}.raw` };
}

/** How jwtctl is told of the same key. */
function keyFlags(alg: InteropAlgorithm, peer: Peer, file: string): string[] {
  return alg === "HS256" && peer.form === "pem" ? ["--secret-file", file] : ["--key", file];
}

async function exchange(sandbox: Sandbox, peer: Peer, alg: InteropAlgorithm, key: KeyFiles): Promise<void> {
  const { privateFile, publicFile } = key;
  const scratch = sandbox.path("scratch.json");

  const mint = [
    "mint",
    ...keyFlags(alg, peer, privateFile),
    "--alg",
    alg,
    "--sub",
    "bob",
    "--claim",
    "level:=3",
  ];
  const ours = (await sandbox.ok([...mint, "--exp", String(FAR)])).trim();
  expect(await peer.verify(alg, publicFile, ours, scratch)).toMatchObject({ sub: "bob", level: 3, exp: FAR });

  const theirs = await peer.sign(alg, privateFile, { sub: "carol", exp: FAR, name: "Zoë" }, scratch);
  const verify = ["verify", ...keyFlags(alg, peer, publicFile), "--alg", alg, "--json", theirs];
  expect(JSON.parse(await sandbox.ok(verify))).toMatchObject({
    valid: true,
    payload: { sub: "carol", name: "Zoë" },
  });

  const [header, , signature] = theirs.split(".");
  const forged = `${header}.${Buffer.from(JSON.stringify({ sub: "admin", exp: FAR })).toString("base64url")}.${signature}`;
  const refused = await sandbox.jwtctl([...verify.slice(0, -1), forged]);
  expect(refused.code).toBe(1);
  await expect(peer.verify(alg, publicFile, `${ours.slice(0, -8)}AAAAAAAA`, scratch)).rejects.toThrow();
}

for (const peer of PEERS) {
  describeWith(`tokens and keys exchanged with ${peer.name}`, peer.probe, () => {
    for (const alg of ALGORITHMS.filter((name) => peer.algorithms.includes(name))) {
      it(`${alg}: a key of ours, tokens both ways`, async () => {
        const sandbox = new Sandbox();
        await exchange(sandbox, peer, alg, await ownKey(sandbox, alg, peer));
      });

      it(`${alg}: a key of theirs, tokens both ways`, async () => {
        const sandbox = new Sandbox();
        await exchange(sandbox, peer, alg, await peer.makeKey(alg, sandbox.path(`theirs-${alg}`)));
      });
    }
  });
}

describeWith("thumbprints", ["jose", "alg"], () => {
  it.each(["RS256", "ES256", "ES512"] as const)("of %s keys are those of Debian's jose", async (alg) => {
    const sandbox = new Sandbox();
    const { publicFile } = await debianJose.makeKey(alg, sandbox.path(alg));
    const theirs = await run("jose", ["jwk", "thp", "-i", publicFile, "-a", "S256"], {}).ended;
    expect((await sandbox.ok(["keys", "thumbprint", publicFile])).trim()).toBe(theirs.stdout.trim());
  });
});
