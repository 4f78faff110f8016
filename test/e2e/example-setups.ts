import { PASSWORD } from "../support/authority.ts";
import type { ScriptedAnswer } from "../support/fake-runtime.ts";

/** What an example needs beside the world that all of them share. */
export interface Setup {
  /** Bash that is run before it. */
  readonly before?: string;
  /** The exit code, when it is not 0. */
  readonly code?: number;
  /** What it must print. */
  readonly shows?: RegExp;
  /** Bash that is run after it, and must succeed. */
  readonly after?: string;
}

const TOKEN_OF_KEY =
  "TOKEN=$(jwtctl mint --sub bob --iss https://auth.example.com --aud api --key private.pem)";
const TOKEN_OF_SECRET = "TOKEN=$(jwtctl mint --sub bob --secret env:JWT_SECRET)";
const REVOKED_KEY = "KID=$(jwtctl keys generate --json | jq -r .key.kid); jwtctl keys revoke $KID";
const ALICE_IS_GONE = "jwtctl users remove alice --yes";
const REFRESH_TOKEN = (file: string) =>
  `pass show alice | jwtctl login alice --no-save --json --password-stdin | jq -r .refresh_token > ${file}`;
const BACKUP = 'mkdir -p mnt/backup srv/jwtctl; jwtctl backup "$PWD/mnt/backup/jwtctl.db"';
const EXPORT = "jwtctl audit export audit.ndjson";

/** Writes a DPoP proof for the access token "opaque". Has no single quotes, for it stands between such. */
const DPOP_PROOF = `
const { generateKeyPairSync, createHash, sign, randomUUID } = require("node:crypto");
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = { alg: "ES256", typ: "dpop+jwt", jwk: publicKey.export({ format: "jwk" }) };
const ath = createHash("sha256").update("opaque").digest("base64url");
const iat = Math.floor(Date.now() / 1000);
const claims = { jti: randomUUID(), htm: "POST", htu: "https://api.example.com/orders", iat, ath };
const input = part(header) + "." + part(claims);
const key = { key: privateKey, dsaEncoding: "ieee-p1363" };
console.log(input + "." + sign("sha256", Buffer.from(input), key).toString("base64url"));
`;

/** Examples that need more than the shared world, by what is typed. */
export const SETUPS: Readonly<Record<string, Setup>> = {
  'jwtctl decode "$TOKEN" --part payload | jq .sub': { shows: /^"bob"$/m },
  "jwtctl decode --paste --explain": { shows: /subject: / },
  "jwtctl decode @server.log --all --json": { shows: /"sub": "bob"[\s\S]*"sub": "eve"/ },
  "jwtctl decode --lines @tokens.txt | jq -r .payload.sub": { shows: /^bob\neve\n$/ },
  'jwtctl verify "$TOKEN" --key public.pem --iss https://auth.example.com --aud api': {
    before: TOKEN_OF_KEY,
  },
  'jwtctl verify "$TOKEN" --secret env:JWT_SECRET': { before: TOKEN_OF_SECRET },
  'jwtctl verify "$TOKEN" --issuer-url https://auth.example.com': {
    before: "jwtctl config set issuer $ISSUER; TOKEN=$(jwtctl mint --sub bob)",
    shows: /VALID/,
  },
  'jwtctl verify "$TOKEN" --session': { before: "TOKEN=$(jwtctl access-token)", shows: /session/ },
  'jwtctl verify "$TOKEN" --key public.pem --aud api --scope read --expect azp=my-app': {
    before:
      "TOKEN=$(jwtctl mint --sub bob --aud api --claim scope='read write' --claim azp=my-app --key private.pem)",
    shows: /VALID/,
  },
  'jwtctl verify "$ID_TOKEN" --issuer-url https://auth.example.com --as id-token --client-id my-app --nonce "$NONCE"':
    {
      before:
        "jwtctl config set issuer $ISSUER; NONCE=n-1; ID_TOKEN=$(jwtctl mint --sub bob --aud my-app --claim nonce=n-1)",
      shows: /VALID/,
    },
  'jwtctl verify "$PROOF" --as dpop --method POST --url https://api.example.com/orders --access-token env:TOKEN':
    {
      before: `export TOKEN=opaque; PROOF=$(node -e '${DPOP_PROOF}')`,
      shows: /VALID/,
    },
  "jwtctl verify --lines @tokens.txt --jwks jwks.json > verdicts.ndjson": {
    before: "jwtctl keys jwks --out jwks.json",
    after: "test 2 = $(grep -c '\"valid\":true' verdicts.ndjson)",
  },
  "jwtctl mint --sub bob --iat -2h --exp -1h": {
    after: "! jwtctl verify $(cat stdout) | grep token_expired",
  },
  'jwtctl decode "$TOKEN" --json | jq ".payload.role = \\"admin\\"" | jwtctl mint - --key private.pem': {
    after: 'jwtctl decode --part payload < stdout | jq -e \'.role == "admin" and .sub == "bob"\'',
  },
  'jwtctl lint "$TOKEN" --secret env:JWT_SECRET': { before: TOKEN_OF_SECRET },
  "jwtctl lint @token.txt --sarif > lint.sarif": { after: "jq -e .runs lint.sarif" },
  "jwtctl diff @before.json @after.json --pick id_token": {
    before:
      'printf \'{"access_token":"%s","id_token":"%s"}\' $TOKEN $(jwtctl mint --sub eve) | tee before.json > after.json',
    shows: /say the same/,
  },
  "jwtctl lint @server.log": { shows: /server.log, line \d/ },
  "jwtctl diff @expected.txt - --ignore iat --ignore exp --ignore jti --exit-code": {
    before: "jwtctl mint --sub bob --jti 1 > expected.txt; exec < <(jwtctl mint --sub bob --jti 2 --ttl 5m)",
    shows: /say the same/,
  },
  'jwtctl tamper "$TOKEN" --claim role=admin --quiet | jwtctl verify -': { code: 1, shows: /INVALID/ },
  'jwtctl tamper "$TOKEN" --attack hs-rs --key public.pem': { before: TOKEN_OF_KEY, shows: /ey/ },
  "jwtctl init --no-passphrase": { before: "export XDG_DATA_HOME=$PWD/new" },
  "jwtctl keys retire dW5p": { before: "jwtctl keys generate" },
  "jwtctl keys delete dW5p": { before: REVOKED_KEY },
  "jwtctl keys jwks --out /var/www/.well-known/jwks.json": { before: "mkdir -p var/www/.well-known" },
  "jwtctl keys export dW5p --private --no-passphrase --format der | openssl pkey -inform DER -noout -text": {
    shows: /NIST CURVE: P-256/,
  },
  "jwtctl keys import key.pem --alg PS256 --activate": {
    before: "openssl genpkey -algorithm rsa -out key.pem",
  },
  "jwtctl keys import old-issuer.jwks --all --as retiring --until +30d": {
    before: "jwtctl --db old.db init --no-passphrase; jwtctl --db old.db keys jwks > old-issuer.jwks",
  },
  "jwtctl keys thumbprint dW5p --uri": { shows: /^urn:ietf:params:oauth:jwk-thumbprint:sha-256:/ },
  "jwtctl keys thumbprint cert.pem --x5t": {
    before:
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=x -days 2 -out cert.pem 2>/dev/null",
    shows: /^x5t +\S{27}\nx5t#S256 +\S{43}\n$/,
  },
  "jwtctl keys convert key.pem --to jwk --public": {
    before: "openssl genpkey -algorithm ed25519 -out key.pem",
    shows: /"crv": "Ed25519"/,
  },
  "jwtctl keys convert jwks.json --kid k1 --to pem": {
    before:
      "openssl genpkey -algorithm ed25519 | jwtctl keys convert - --to jwk --public | jq '{keys: [. + {kid: \"k1\"}]}' > jwks.json",
    shows: /^-----BEGIN PUBLIC KEY-----/,
  },
  "jwtctl keys convert id_ed25519 --to pem --out key.pem": {
    before: "rm -f key.pem; ssh-keygen -q -t ed25519 -N '' -f id_ed25519",
    after: "openssl pkey -in key.pem -noout",
  },
  "curl -s https://issuer.example/jwks.json | jwtctl keys thumbprint -": { shows: /^\S{43}.*\n\S{43}/ },
  "jwtctl keys passphrase --passphrase-file old --new-passphrase-file new": {
    before: "echo one > old; echo two > new; jwtctl keys passphrase --new-passphrase-file old",
    after: "jwtctl mint --passphrase-file new",
  },
  "jwtctl keys passphrase --remove": {
    before:
      "echo one > old; export JWTCTL_PASSPHRASE_FILE=old; jwtctl keys passphrase --new-passphrase-file old",
  },
  "jwtctl keys lint /var/www/.well-known/jwks.json": {
    before: 'mkdir -p var/www/.well-known; jwtctl keys jwks --out "$PWD/var/www/.well-known/jwks.json"',
  },
  'curl -H "Authorization: Bearer $(jwtctl access-token)" https://api.example.com': {
    shows: /^Authorization: Bearer ey/m,
  },
  "jwtctl whoami --quiet > /dev/null && deploy": { shows: /^deployed\n$/ },
  "jwtctl access-token | jwtctl verify -": { shows: /VALID/ },
  "jwtctl refresh - --json < token.txt": { before: REFRESH_TOKEN("token.txt") },
  "jwtctl logout - < token.txt": { before: REFRESH_TOKEN("token.txt") },
  "pass show alice | jwtctl users add alice --password-stdin": { before: ALICE_IS_GONE },
  "jwtctl users set alice --claim level:=4 --remove-claim role": {
    before: "jwtctl users set alice --claim role=reader",
  },
  "jwtctl users enable alice": { before: "jwtctl users disable alice" },
  "jwtctl tokens revoke --token - < stolen.txt": { before: REFRESH_TOKEN("stolen.txt") },
  "jwtctl tokens show 4k9v": { shows: /in use/ },
  "jwtctl config get issuer": { shows: /^https:\/\/jwtctl\.localhost$/m },
  "jwtctl doctor --full --jwks /var/www/.well-known/jwks.json": {
    before: 'mkdir -p var/www/.well-known; jwtctl keys jwks --out "$PWD/var/www/.well-known/jwks.json"',
  },
  "jwtctl backup /mnt/backup/jwtctl.db": { before: "mkdir -p mnt/backup" },
  "jwtctl backup /mnt/backup/jwtctl.db --force --quiet": { before: BACKUP },
  "jwtctl restore /mnt/backup/jwtctl.db --yes --db /srv/jwtctl/jwtctl.db": { before: BACKUP },
  "jwtctl completion zsh > ~/.zfunc/_jwtctl": { before: "mkdir ~/.zfunc", after: "test -s ~/.zfunc/_jwtctl" },
  "jwtctl completion fish > ~/.config/fish/completions/jwtctl.fish": {
    before: "mkdir -p ~/.config/fish/completions",
    after: "test -s ~/.config/fish/completions/jwtctl.fish",
  },
  "jwtctl completion powershell >> $PROFILE": {
    before: "PROFILE=$PWD/profile.ps1",
    after: "test -s profile.ps1",
  },
  "jwtctl audit export - --after 1200 >> /mnt/archive/audit.ndjson": { before: "mkdir -p mnt/archive" },
  "jwtctl audit verify audit.ndjson": { before: EXPORT },
  "jwtctl audit verify --head 1200:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08": {
    before: `HEAD=$(jwtctl audit verify --json | jq -r .head)`,
  },
};

/** Examples that ask, and what is answered. They are run in this process, on a store of their own. */
export const ASKING: Readonly<
  Record<string, { before?: readonly string[]; answers: readonly ScriptedAnswer[] }>
> = {
  "jwtctl init --issuer https://auth.example.com --audience https://api.example.com": {
    answers: [
      ["New passphrase", "one"],
      ["Repeat the", "one"],
    ],
  },
  "jwtctl keys generate --no-store --out service.pem": {
    answers: [
      ["New passphrase for the key file", "one"],
      ["Repeat the", "one"],
    ],
  },
  "jwtctl keys export dW5p --private --out key.pem": {
    before: ["init --no-passphrase"],
    answers: [
      ["New passphrase for the key file", "one"],
      ["Repeat the", "one"],
    ],
  },
  "jwtctl keys passphrase": {
    before: ["init --no-passphrase"],
    answers: [
      ["New passphrase for the private keys", "one"],
      ["Repeat the", "one"],
    ],
  },
  "jwtctl login alice": {
    before: ["init --no-passphrase", "users add alice"],
    answers: [["Password", PASSWORD]],
  },
  "jwtctl login alice --json": {
    before: ["init --no-passphrase", "users add alice"],
    answers: [["Password", PASSWORD]],
  },
  "jwtctl users add alice": {
    before: ["init --no-passphrase"],
    answers: [
      ["New password for alice", PASSWORD],
      ["Repeat the", PASSWORD],
    ],
  },
  "jwtctl users add alice --claim role=admin --claim level:=3": {
    before: ["init --no-passphrase"],
    answers: [
      ["New password for alice", PASSWORD],
      ["Repeat the", PASSWORD],
    ],
  },
  "jwtctl users passwd alice": {
    before: ["init --no-passphrase", "users add alice"],
    answers: [
      ["New password for alice", `${PASSWORD} two`],
      ["Repeat the", `${PASSWORD} two`],
    ],
  },
  "jwtctl users passwd alice --keep-current": {
    before: ["init --no-passphrase", "users add alice", "login alice"],
    answers: [
      ["New password for alice", `${PASSWORD} two`],
      ["Repeat the", `${PASSWORD} two`],
    ],
  },
  "jwtctl users remove alice": {
    before: ["init --no-passphrase", "users add alice"],
    answers: [["Remove the user alice", true]],
  },
  "jwtctl restore /mnt/backup/jwtctl.db": {
    before: ["init --no-passphrase", "backup backup.db"],
    answers: [["Replace the store", true]],
  },
};

/** Examples that another test runs. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  "jwtctl audit --follow": "it goes on for ever: audit-follow.test.ts",
};
