import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import jsonwebtoken from "jsonwebtoken";
import { run } from "../../support/spawn.ts";

export const ALGORITHMS = ["HS256", "RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"] as const;
export type InteropAlgorithm = (typeof ALGORITHMS)[number];

/** A key in files: PEM or JWK for pairs; for HMAC a JWK and the raw bytes. */
export interface KeyFiles {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** Another implementation: it makes keys, signs and verifies. */
export interface Peer {
  readonly name: string;
  /** A command that ends with 0 where the peer is there. */
  readonly probe: readonly [string, ...string[]];
  readonly form: "pem" | "jwk";
  readonly algorithms: readonly InteropAlgorithm[];
  makeKey(alg: InteropAlgorithm, path: string): Promise<KeyFiles>;
  sign(alg: InteropAlgorithm, keyFile: string, claims: object, scratch: string): Promise<string>;
  /** The claims of a valid token. @throws when the peer refuses it */
  verify(alg: InteropAlgorithm, keyFile: string, token: string, scratch: string): Promise<unknown>;
}

async function ok(command: string, args: readonly string[], stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { stdin }).ended;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

const CURVES: Partial<Record<InteropAlgorithm, string>> = {
  ES256: "prime256v1",
  ES384: "secp384r1",
  ES512: "secp521r1",
};

/** A PEM pair as OpenSSL makes one; for HMAC raw bytes. */
async function makePem(alg: InteropAlgorithm, path: string): Promise<KeyFiles> {
  const files = { privateFile: path, publicFile: `${path}.pub` };
  if (alg === "HS256") {
    // Text, because one of the peers reads key files as text.
    writeFileSync(path, randomBytes(32).toString("base64url"));
    return { privateFile: path, publicFile: path };
  }
  const curve = CURVES[alg];
  const kind = curve
    ? ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`]
    : alg === "EdDSA"
      ? ["-algorithm", "ED25519"]
      : ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
  await ok("openssl", ["genpkey", ...kind, "-out", path]);
  await ok("openssl", ["pkey", "-in", path, "-pubout", "-out", files.publicFile]);
  return files;
}

export const debianJose: Peer = {
  name: "Debian's jose",
  probe: ["jose", "alg"],
  form: "jwk",
  algorithms: ["HS256", "RS256", "PS256", "ES256", "ES384", "ES512"],
  async makeKey(alg, path) {
    await ok("jose", ["jwk", "gen", "-i", JSON.stringify({ alg }), "-o", path]);
    if (alg === "HS256") return { privateFile: path, publicFile: path };
    await ok("jose", ["jwk", "pub", "-i", path, "-o", `${path}.pub`]);
    return { privateFile: path, publicFile: `${path}.pub` };
  },
  async sign(alg, keyFile, claims, scratch) {
    writeFileSync(scratch, JSON.stringify(claims));
    const template = JSON.stringify({ protected: { alg, typ: "JWT" } });
    return ok("jose", ["jws", "sig", "-I", scratch, "-k", keyFile, "-s", template, "-c"]);
  },
  async verify(_alg, keyFile, token) {
    return JSON.parse(await ok("jose", ["jws", "ver", "-i", "-", "-k", keyFile, "-O", "-"], token));
  },
};

const debianJwt: Peer = {
  name: "Debian's jwt",
  probe: ["which", "jwt"],
  form: "pem",
  algorithms: ALGORITHMS,
  makeKey: makePem,
  sign: (alg, keyFile, claims) =>
    ok("jwt", ["-alg", alg, "-key", keyFile, "-sign", "-"], JSON.stringify(claims)),
  async verify(alg, keyFile, token) {
    return JSON.parse(await ok("jwt", ["-alg", alg, "-key", keyFile, "-compact", "-verify", "-"], token));
  },
};

const PYTHON = "/usr/bin/python3";

const pyJwt: Peer = {
  name: "PyJWT",
  probe: [PYTHON, "-c", "import jwt, cryptography"],
  form: "pem",
  algorithms: ALGORITHMS,
  makeKey: makePem,
  sign: (alg, keyFile, claims) =>
    ok(
      PYTHON,
      [
        "-c",
        "import jwt, json, sys; print(jwt.encode(json.load(sys.stdin), open(sys.argv[2]).read(), algorithm=sys.argv[1]))",
        alg,
        keyFile,
      ],
      JSON.stringify(claims),
    ),
  async verify(alg, keyFile, token) {
    const program =
      "import jwt, json, sys; print(json.dumps(jwt.decode(sys.stdin.read().strip(), open(sys.argv[2]).read(), algorithms=[sys.argv[1]], options={'verify_aud': False})))";
    return JSON.parse(await ok(PYTHON, ["-c", program, alg, keyFile], token));
  },
};

const npmJsonwebtoken: Peer = {
  name: "npm's jsonwebtoken",
  probe: [process.execPath, "--version"],
  form: "pem",
  algorithms: ["HS256", "RS256", "PS256", "ES256", "ES384", "ES512"],
  async makeKey(alg, path) {
    if (alg === "HS256") return makePem(alg, path);
    const curve = CURVES[alg];
    const { privateKey } = curve
      ? generateKeyPairSync("ec", { namedCurve: curve })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(`${path}.pub`, createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
    return { privateFile: path, publicFile: `${path}.pub` };
  },
  async sign(alg, keyFile, claims) {
    return jsonwebtoken.sign(claims, readFileSync(keyFile), { algorithm: alg as jsonwebtoken.Algorithm });
  },
  async verify(alg, keyFile, token) {
    return jsonwebtoken.verify(token, readFileSync(keyFile), { algorithms: [alg as jsonwebtoken.Algorithm] });
  },
};

export const PEERS: readonly Peer[] = [debianJose, debianJwt, pyJwt, npmJsonwebtoken];
