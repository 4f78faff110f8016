import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { createCertificate } from "../support/certificate.ts";
import { BLOCKS, block, Kitchen } from "../support/cookbook.ts";
import { MOUNTS } from "../support/namespace.ts";
import { describeWith } from "../support/needs.ts";
import { clockOff } from "../support/preload.ts";
import { awsSignatureOf, receiver } from "../support/receiver.ts";
import { run } from "../support/spawn.ts";

const MONTH = 31 * 24 * 60 * 60;
const JWKS = "www/.well-known/jwks.json";
const SILENT = { code: 0, stdout: "", stderr: "" };

const kidsIn = (set: string) => (JSON.parse(set) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);

describeWith("cron", MOUNTS, () => {
  const lines = block("crontab")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const settings = lines.filter((line) => /^[A-Z_]+=/.test(line));
  const jobs = lines.filter((line) => !settings.includes(line));

  it("has jobs of five fields and a command without the % that cron takes for a line break", () => {
    expect(jobs.length).toBeGreaterThan(2);
    for (const job of jobs) expect(job).toMatch(/^(?:[\d*/,-]+\s+){5}[^%\s][^%]*$/);
  });

  /** As cron does: a small environment of its own, the settings of the table, and sh. */
  async function runJobs(kitchen: Kitchen, env: Record<string, string> = {}) {
    const own = { SHELL: "/bin/sh", LOGNAME: "ops", HOME: kitchen.sandbox.directory, ...env };
    const table = [...Object.entries(own).map(([name, value]) => `${name}=${value}`), ...settings];
    const ended = [];
    for (const job of jobs) {
      const command = job.replace(/^(?:\S+\s+){5}/, "");
      const words = [...table, "/bin/sh", "-c", command].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
      ended.push(await kitchen.run(`exec env -i ${words.join(" ")}`, { settled: false }));
    }
    return ended;
  }

  it("says nothing while all is well, and mails the report when something is not", async () => {
    const kitchen = await Kitchen.open();
    for (const ended of await runJobs(kitchen)) expect(ended).toMatchObject(SILENT);
    expect(kidsIn(kitchen.read(JWKS))).toHaveLength(2);
    const [, , doctor] = await runJobs(kitchen, clockOff(-MONTH));
    expect(doctor?.stdout, "a clock that is wrong").toMatch(/^warn +clock /m);
  });
});

describeWith("systemd", ["systemd-analyze", "--version"], () => {
  const units = BLOCKS.filter(({ kind }) => kind === "unit");

  it("accepts the units as they are written", async () => {
    const kitchen = await Kitchen.open();
    for (const { label, text } of units) kitchen.install(`units/${label}`, text);
    const names = units.map(({ label }) => `/srv/units/${label}`).join(" ");
    expect(await kitchen.run(`systemd-analyze verify --man=no ${names}`)).toMatchObject(SILENT);
    const calendar = /^OnCalendar=(.*)$/m.exec(block("unit", "jwtctl-rotate.timer"))?.[1] ?? "";
    expect((await run("systemd-analyze", ["calendar", calendar], {}).ended).code).toBe(0);
  });

  it("starts what works: ExecStart with its environment, and the credential in its directory", async () => {
    const kitchen = await Kitchen.open();
    const unit = block("unit", "jwtctl-rotate.service");
    const all = (name: string) =>
      [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value);
    const [credential = "", source = ""] = all("LoadCredential")[0]?.split(":") ?? [];
    const directory = "/srv/credentials";
    const environment = all("Environment").map((line) => `'${line.replace("%d", directory)}'`);
    expect(unit).toContain("%d");
    const script = `
      mkdir ${directory} && mv ${source} ${directory}/${credential}
      env -i ${environment.join(" ")} ${all("ExecStart")[0]}`;
    expect(await kitchen.run(script, { settled: false })).toMatchObject(SILENT);
    expect(kidsIn(kitchen.read(JWKS))).toHaveLength(2);
  });
});

const authority = createCertificate({ name: "Test Authority" });

describeWith("nginx", ["nginx", "-v"], () => {
  it("serves the set so that a verifier needs only the issuer's name", async () => {
    const kitchen = await Kitchen.open();
    const name = "auth.example.com";
    const host = createCertificate({ name, hosts: [name], issuer: authority });
    kitchen.install(`tls/${name}.pem`, host.cert);
    kitchen.install(`tls/${name}.key`, host.key);
    kitchen.install("tls/ca.pem", authority.cert);
    kitchen.install(`nginx/${name}.conf`, block("nginx", `/srv/nginx/${name}.conf`));
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    kitchen.install(
      "nginx/nginx.conf",
      `user root; pid /srv/nginx/pid; error_log /srv/nginx/error.log; events {}
       http { access_log off; ${temporary.map((what) => `${what}_temp_path /srv/nginx;`).join(" ")}
         include /srv/nginx/${name}.conf; }`,
    );
    kitchen.install("hosts", `127.0.0.1 localhost ${name}\n`);
    const { code, stdout, stderr } = await kitchen.run(
      `set -e
       mount --bind /srv/hosts /etc/hosts
       jwtctl-rotate /srv/www/.well-known/jwks.json
       ${block("run", "discovery")}
       nginx -q -c /srv/nginx/nginx.conf -e /srv/nginx/error.log
       trap 'kill "$(cat /srv/nginx/pid)"' EXIT
       curl --silent --fail --cacert /srv/tls/ca.pem --dump-header headers \
         https://${name}/.well-known/jwks.json | cmp - /srv/www/.well-known/jwks.json
       ${block("run", "verifier")}`,
      { network: true, env: { NODE_EXTRA_CA_CERTS: "/srv/tls/ca.pem" } },
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(name);
    const headers = readFileSync(kitchen.sandbox.path("headers"), "utf8");
    expect(headers).toMatch(/^content-type: application\/json\r$/im);
    expect(headers).toMatch(/^cache-control: public, max-age=300\r$/im);
  });
});

describeWith("curl", ["curl", "--version"], () => {
  it("upload: the set, signed for the bucket, and the secret key on no command line", async () => {
    const kitchen = await Kitchen.open();
    const { origin, received } = await receiver();
    const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const env = {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: secret,
    };
    await kitchen.cook(["upload"], { env: { ...env, BUCKET: `${origin}/keys` } });
    const [put] = received;
    if (put === undefined) throw new Error("nothing was uploaded");
    expect([put.method, put.path, put.headers["content-type"], put.headers["cache-control"]]).toEqual([
      "PUT",
      "/keys/.well-known/jwks.json",
      "application/json",
      "public, max-age=300",
    ]);
    expect(kidsIn(put.body)).toHaveLength(2);
    // S3 wants the hash of the content in a header of its own, too, and that signed.
    expect(put.headers["authorization"]).toContain("x-amz-content-sha256");
    expect(put.headers["authorization"]).toContain(`Signature=${awsSignatureOf(put, secret)}`);
    expect(block("file", "/srv/jwtctl/bin/jwtctl-upload")).not.toMatch(/--user\b/);
  });

  it("each call has a token that the API's checks accept; without a login none goes out", async () => {
    const kitchen = await Kitchen.open();
    const { origin, received } = await receiver();
    writeFileSync(kitchen.path("robot/password"), "a password of many letters\n", { mode: 0o600 });
    await kitchen.ok("jwtctl users add robot --password-file /srv/robot/password");
    const env = { API: origin };
    expect(await kitchen.cook(["script-login"], { env })).toMatchObject(SILENT);
    await kitchen.cook(["call"], { env });
    await kitchen.cook(["careful-call"], { env });
    expect(received.map(({ path }) => path)).toEqual(["/orders", "/orders"]);
    for (const { headers } of received) {
      await kitchen.ok(`jwtctl verify ${headers["authorization"]?.replace(/^Bearer /, "")}`);
    }
    await kitchen.ok("jwtctl logout");
    const { code, stderr } = await kitchen.run(block("run", "careful-call"), { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("log in again: jwtctl login robot")]);
    expect(received).toHaveLength(2);
  });
});

describeWith("the GitHub workflow", ["python3", "-c", "import yaml"], () => {
  interface Step {
    readonly name?: string;
    readonly run?: string;
  }

  async function stepsOf(yaml: string): Promise<Step[]> {
    const program =
      "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)['jobs']['tokens']['steps']))";
    const { stdout } = await run("python3", ["-c", program], { stdin: yaml }).ended;
    return JSON.parse(stdout) as Step[];
  }

  it("runs, step by step, as GitHub would", async () => {
    const kitchen = await Kitchen.open();
    const steps = await stepsOf(block("workflow"));
    const install = steps.findIndex((step) => step.run?.startsWith("npm install"));
    const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");
    expect(readme).toContain(steps[install]?.run);
    const env = { RUNNER_TEMP: kitchen.sandbox.directory, GITHUB_ENV: kitchen.sandbox.path("github-env") };
    writeFileSync(env.GITHUB_ENV, "");
    const scripts = steps.slice(install + 1);
    expect(scripts.length).toBeGreaterThan(4);
    for (const { name, run: script = "" } of scripts) {
      kitchen.install("step", script);
      const shell = 'set -a; . "$GITHUB_ENV"; set +a; bash -e /srv/step';
      const { code, stdout, stderr } = await kitchen.run(shell, { env, settled: false });
      expect([name, code], stdout + stderr).toEqual([name, 0]);
    }
  });
});
