import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCertificate } from "../support/certificate.ts";
import { json, startServer } from "../support/jwks-server.ts";
import { Sandbox } from "../support/spawn.ts";

const authority = createCertificate({ name: "Test Authority" });
const localhost = createCertificate({ name: "localhost", hosts: ["localhost"], issuer: authority });

async function published() {
  const sandbox = new Sandbox();
  await sandbox.ok(["init", "--no-passphrase"]);
  const token = (await sandbox.ok(["mint", "--sub", "bob", "--ttl", "5m"])).trim();
  const server = await startServer(json(JSON.parse(await sandbox.ok(["keys", "jwks"]))), {
    identity: localhost,
  });
  return { sandbox, token, server };
}

describe("keys from an https server, by a process of its own", () => {
  it("are trusted when NODE_EXTRA_CA_CERTS names the authority, and then come from the cache", async () => {
    const { sandbox, token, server } = await published();
    writeFileSync(sandbox.path("ca.pem"), authority.cert);
    const env = { NODE_EXTRA_CA_CERTS: sandbox.path("ca.pem") };
    for (let round = 0; round < 2; round++) {
      const { code, stdout, stderr } = await sandbox.jwtctl(["verify", token, "--jwks", server.url("/")], {
        env,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(server.url("/"));
    }
    expect(server.requests).toHaveLength(1);
  });

  it("are not trusted without it, and the hint says what to do", async () => {
    const { sandbox, token, server } = await published();
    const { code, stdout, stderr } = await sandbox.jwtctl(["verify", token, "--jwks", server.url("/")]);
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain("an authority that this machine does not know");
    expect(stderr).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("are not trusted with NODE_TLS_REJECT_UNAUTHORIZED=0 either", async () => {
    const { sandbox, token, server } = await published();
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    expect((await sandbox.jwtctl(["verify", token, "--jwks", server.url("/")], { env })).code).toBe(7);
    expect(server.requests).toEqual([]);
  });
});
