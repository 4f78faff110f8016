import { deflateRawSync } from "node:zlib";
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { Samples } from "./samples.ts";

/** Every shape that the commands about single tokens print. */
export async function sampleTokens(samples: Samples): Promise<void> {
  const at = new Samples(samples);
  await at.cli.ok("init --no-passphrase");
  const token = (await at.cli.ok("mint --sub bob --claim role=reader")).trim();
  await at.see("Minted", "mint --sub bob");
  await decoded(at, token);
  await verified(at, token);
  await reviewed(at, token);
  await forged(at, token);
}

const SECRET = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

function segment(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64url");
}

/** A token that nobody signed, of any header and payload. */
function made(header: string | Uint8Array, payload: string | Uint8Array): string {
  return `${segment(header)}.${segment(payload)}.c2ln`;
}

/** A JWS in the general JSON form. */
function jwsOf(signatures: readonly object[]): string {
  return JSON.stringify({
    payload: segment("{}"),
    signatures: signatures.map((one) => ({ ...one, signature: "c2ln" })),
  });
}

/** A JWE in the general JSON form. */
function jweOf(recipients: readonly object[]): string {
  const parts = { iv: "aXY", ciphertext: "Yw", tag: "dGFn" };
  return JSON.stringify({ protected: segment('{"enc":"A128GCM"}'), recipients, ...parts });
}

/** An SD-JWT of which nothing can be told but that it is one. */
function unknownHash(): string {
  const jwt = made('{"alg":"ES256"}', '{"_sd_alg":"md5","_sd":["x"]}');
  const holder = made('{"alg":"ES256","typ":"kb+jwt"}', '{"sd_hash":"x"}');
  return `${jwt}~${segment("no JSON")}~${segment('["salt","value"]')}~${holder}`;
}

async function decoded(at: Samples, token: string): Promise<void> {
  const see = (text: string, ...options: string[]) => at.see("Decoded", ["decode", text, ...options]);
  await see(token);
  await see(`Bearer ${token}`);
  await see(made('{"alg":"HS256"}', '{"exp":9e99}'));
  await see(made('{"alg":"none"}', "text"));
  await see(made('{"alg":"HS256"}', Uint8Array.of(0xff, 0xfe)));
  const tenant = '"iss":"https://login.microsoftonline.com/t/v2.0","tid":"t"';
  await see(made('{"alg":"RS256"}', `{${tenant}}`));
  await see(made('{"alg":"RS256"}', `{${tenant},"ver":"2.0"}`));
  await see(made('{"alg":"RS256"}', `{${tenant},"aud":"https://graph.microsoft.com"}`));
  await see(rfc7520["5.3"].jwe);
  await see(made('{"alg":"HS256","cty":"JWT"}', token));
  for (const { json } of rfc7520.json) await see(JSON.stringify(json));
  await see(made(Uint8Array.of(0xff), "{}"));
  await see(made('{"alg":"HS256"}', '{"nbf":1,"exp":1}'));
  await see(jwsOf([{ protected: segment("no JSON") }, { protected: segment(Uint8Array.of(0xff)) }]));
  await see(jweOf([{ header: { alg: "dir" }, encrypted_key: "" }, { encrypted_key: "YQ" }]));
  await see(made('{"alg":"ES256","zip":"DEF"}', deflateRawSync("{}")));
  await see(sdJwt.issued);
  await see(sdJwt.presented);
  await see(unknownHash());
  await at.see("DecodedAll", ["decode", JSON.stringify({ access_token: token, id_token: token }), "--all"]);
  await at.see("DecodedAll", ["decode", token, "--all"]);
  for (const part of ["header", "payload", "signature"]) {
    await at.see("DecodedPart", ["decode", token, "--part", part]);
  }
  const lines = [
    token,
    `Bearer ${token}`,
    JSON.stringify({ access_token: token, id_token: made('{"alg":"none"}', "{}") }),
    made('{"alg":"none"}', "text"),
    made('{"alg":"none"}', Uint8Array.of(0xff)),
    made("no JSON", "{}"),
    made(Uint8Array.of(0xff), "{}"),
    rfc7520["5.3"].jwe,
    "nothing",
  ];
  await at.seeLines("DecodedLine", "decode --lines", { stdin: `${lines.join("\n")}\n` });
}

async function verified(at: Samples, token: string): Promise<void> {
  const see = (text: string, ...options: string[]) => at.see("Verified", ["verify", text, ...options]);
  await see(token);
  await see(token, "--at", "+1d");
  await see(token, "--secret", SECRET);
  await see(made('{"alg":"HS256","kid":"x"}', "text"), "--secret", SECRET);
  await see(sdJwt.presented, "--secret", SECRET);
  await see(unknownHash(), "--secret", SECRET);
  await see(`${made('{"alg":"HS256"}', "text")}~`, "--secret", SECRET);
  await see(`${token}~`);
  const lines = [
    token,
    `Bearer ${token}`,
    token.slice(0, -4),
    "nothing",
    made('{"alg":"none"}', "{}"),
    `${token}~`,
    `${token} ${token.slice(0, 10)}A${token.slice(10)}`,
  ];
  await at.seeLines("VerifiedLine", "verify --lines", { stdin: `${lines.join("\n")}\n` });
  await at.seeLines("VerifiedLine", ["verify", "--lines", "--secret", SECRET], { stdin: `${token}\n` });
}

async function reviewed(at: Samples, token: string): Promise<void> {
  const weak = made('{"typ":"JWT"}', '{"exp":1}');
  await at.see("Linted", ["lint", token]);
  await at.see("Linted", ["lint", weak, rfc7520["5.3"].jwe, "-"], { stdin: token });
  await at.see("Linted", ["lint", token, "notatoken", "-"], { stdin: "neither" });
  await at.see("LintRules", "lint --rules");
  await at.see("Diff", ["diff", token, token]);
  await at.see("Diff", [
    "diff",
    token,
    made('{"alg":"ES256","b":1}', '{"aud":["https://api.localhost"],"exp":1}'),
  ]);
}

async function forged(at: Samples, token: string): Promise<void> {
  await at.see("TamperedAll", ["tamper", token]);
  await at.see("TamperedAll", ["tamper", token, "--secret", SECRET]);
  await at.see("Tampered", [
    "tamper",
    token,
    "--claim",
    "role=admin",
    "--claim",
    "new:=1",
    "--remove",
    "sub",
  ]);
  await at.see("Attacks", "tamper --list");
  const elsewhere = new Samples(at);
  await elsewhere.see("TamperedAll", ["tamper", token]);
  await elsewhere.see("Tampered", ["tamper", token, "--attack", "none"]);
}
