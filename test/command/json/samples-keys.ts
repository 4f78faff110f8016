import { createCertificate } from "../../support/certificate.ts";
import { PASSWORD, Samples } from "./samples.ts";

/** Every shape that the commands about keys and the first steps of a store print. */
export async function sampleKeys(samples: Samples): Promise<void> {
  await life(new Samples(samples));
  await emergencies(new Samples(samples));
  await files(new Samples(samples));
  await passphrase(new Samples(samples));
}

async function life(at: Samples): Promise<void> {
  const { cli } = at;
  const { active_kid: first, standby_kid: second } = await at.see("Initialised", "init --no-passphrase");
  await at.see("Generated", "keys generate --dry-run");
  await at.see("Rotated", "keys rotate --if-older-than 30d");
  await cli.ok("mint --sub bob");
  await at.see("Activated", `keys activate ${second} --dry-run`);
  const { standby: third } = await at.see("Rotated", "keys rotate");
  await at.see("Activated", `keys activate ${second}`);
  await at.see("Activated", `keys activate ${third.kid}`);
  await at.see("ShownKey", `keys show ${first}`);
  await at.see("Retired", `keys retire ${first}`);
  const spare = (await at.see("Generated", "keys generate")).key.kid;
  await at.see("Activated", `keys activate ${spare}`);
  await at.see("Generated", "keys generate --activate");
  cli.clock.advance(30 * 86_400);
  await at.see("Keys", "keys list");
  await at.see("Keys", "keys list --state revoked");
  await at.see("DeletedKey", `keys delete ${first}`);
  for (const { kid } of await cli.json<{ kid: string }[]>("keys list --state standby"))
    await at.see("DeletedKey", `keys delete ${kid} --force`);
  await at.see("Rotated", "keys rotate --dry-run");
  const lonely = (await cli.json<{ kid: string }[]>("keys list --state active"))[0]?.kid;
  await at.see("RevokedKey", `keys revoke ${lonely} --dry-run`);
  await at.see("JwkSet", "keys jwks");
  await at.see("WrittenJwkSet", `keys jwks --out ${cli.path("jwks.json")}`);
}

async function emergencies(at: Samples): Promise<void> {
  const { cli } = at;
  const { active_kid: active, standby_kid: standby } =
    await cli.json<Record<string, string>>("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  await at.see("RevokedKey", `keys revoke ${active} --with-sessions --yes --dry-run`);
  await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  await at.see("RevokedKey", `keys revoke ${active} --with-sessions --yes`);
  await at.see("RevokedKey", `keys revoke ${active}`);
  await at.see("ShownKey", `keys show ${active}`);
  await at.see("DeletedKey", `keys delete ${active} --force`);
  await cli.ok("mint --sub bob --no-exp");
  await at.see("ShownKey", `keys show ${standby} --format pem`);
  await cli.ok("keys generate --alg HS256");
  const [secret] = (await cli.json<{ kid: string; alg: string }[]>("keys list")).filter(
    ({ alg }) => alg === "HS256",
  );
  await at.see("ShownKey", `keys show ${secret?.kid}`);
}

async function files(at: Samples): Promise<void> {
  const { cli } = at;
  const passphrase = cli.file("passphrase", "a passphrase for files");
  const out = (name: string) => `--out ${cli.path(name)}`;
  await at.see("KeyFiles", `keys generate --no-store ${out("a.pem")} --no-passphrase --dry-run`);
  await at.see("KeyFiles", `keys generate --no-store ${out("a.pem")} --no-passphrase`);
  await at.see(
    "KeyFiles",
    `keys generate --no-store ${out("s.jwk")} --alg HS256 --format jwk --no-passphrase`,
  );
  for (const format of ["pem", "der", "jwk"]) {
    await at.see("PrintedKey", `keys generate --no-store --out - --format ${format} --no-passphrase`);
  }
  await at.see(
    "PrintedKey",
    `keys generate --no-store --out - --format jwk --key-passphrase-file ${passphrase}`,
  );

  const { active_kid: kid } = await cli.json<Record<string, string>>("init --no-passphrase");
  await at.see("KeyFiles", `keys export ${kid} ${out("public.pem")}`);
  await at.see(
    "KeyFiles",
    `keys export ${kid} ${out("private.pem")} --private --key-passphrase-file ${passphrase}`,
  );
  for (const format of ["pem", "der", "jwk"])
    await at.see("ExportedKey", `keys export ${kid} --format ${format}`);
  await at.see(
    "ExportedKey",
    `keys export ${kid} --private --format jwk --key-passphrase-file ${passphrase}`,
  );

  const named = {
    ...JSON.parse(await cli.ok("keys generate --no-store --out - --format jwk --no-passphrase")),
    kid: "n-1",
  };
  cli.file("named.jwk", JSON.stringify(named));
  await at.see("Imported", `keys import ${cli.path("a.pem")} --dry-run`);
  await at.see("Imported", `keys import ${cli.path("a.pem")}`);
  await at.see("Imported", `keys import ${cli.path("a.pem")}`);
  await at.see("Imported", `keys import ${cli.path("named.jwk")} --activate`);
  await at.see("ShownKey", "keys show n-1");
  await at.see("Imported", `keys import ${cli.path("s.jwk")} --forget-kid --dry-run`);
  await at.see("Thumbprints", `keys thumbprint ${cli.path("a.pem")}`);
  await at.see("Thumbprints", `keys thumbprint ${cli.path("named.jwk")} --hash sha512`);
  await at.see("KeyFingerprints", `keys thumbprint ${cli.path("a.pem")} --spki`);
  await at.see("KeyFingerprints", `keys thumbprint ${cli.path("named.jwk")} --spki`);
  cli.file("c.pem", createCertificate({ name: "x" }).cert);
  await at.see("CertificateThumbprints", `keys thumbprint ${cli.path("c.pem")} --x5t`);
  for (const to of ["pem", "der", "jwk"]) {
    await at.see("ConvertedKeys", `keys convert ${cli.path("a.pem")} --to ${to}`);
    await at.see("ConvertedKeys", `keys convert ${cli.path("a.pem")} --to ${to} --public`);
  }
  const opening = `--key-passphrase-file ${passphrase}`;
  await at.see("ConvertedKeys", `keys convert ${cli.path("private.pem")} --to jwk ${opening}`);
  await at.see("ConvertedFile", `keys convert ${cli.path("a.pem")} --to jwk ${out("converted.jwk")}`);

  await at.see("LintedKeys", `keys lint ${cli.path("a.pem.pub")}`);
  await at.see("LintedKeys", `keys lint ${cli.path("named.jwk")}`);
  await at.see("LintedKeys", `keys lint ${cli.file("twice.json", '{"keys":[],"keys":[]}')}`);
}

async function passphrase(at: Samples): Promise<void> {
  const { cli } = at;
  const file = cli.file("passphrase", "a passphrase for the store");
  const { standby_kid: standby } = await at.see("Initialised", `init --passphrase-file ${file}`);
  await at.cli.ok(`keys delete ${standby} --force`);
  await at.see("Initialised", "init --no-passphrase --if-missing");
  await at.cli.ok(`keys generate --passphrase-file ${file}`);
  await at.see("PassphraseChanged", `keys passphrase --remove --passphrase-file ${file}`);
  await at.see("PassphraseChanged", "keys passphrase --remove");
  await at.see("PassphraseChanged", `keys passphrase --new-passphrase-file ${file} --dry-run`);
}
