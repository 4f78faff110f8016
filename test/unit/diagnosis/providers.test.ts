import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { VerificationOptions } from "../../../src/core/jose/verification/report.ts";
import { type Answer, ask, b64, ec, GOOD_CLAIMS, jws, rsa, SECONDS, secret, token } from "./bench.ts";

const pair = ec("P-256");
const { alg, key } = { alg: "ES256", key: pair.privateJwk } as const;

async function claim(
  claims: Record<string, unknown>,
  options: Partial<VerificationOptions>,
  header: Record<string, unknown> = {},
): Promise<Answer> {
  const text = await token({ alg, key, claims: { ...GOOD_CLAIMS, ...claims }, header });
  const answer = await ask(text, { keys: [pair.publicJwk], options });
  expect(answer.report.valid).toBe(false);
  return answer;
}

const TENANT = "11111111-2222-3333-4444-555555555555";
const OTHER = "99999999-2222-3333-4444-555555555555";
const ENTRA_1 = `https://sts.windows.net/${TENANT}/`;
const entra2 = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;

describe("an issuer under another name", () => {
  it.each<[cause: string, iss: string, expected: string, evidence: RegExp]>([
    [
      "issuer_other_host",
      "http://localhost:8080/realms/demo",
      "http://keycloak:8080/realms/demo",
      /same path.*"localhost:8080" and "keycloak:8080"/,
    ],
    [
      "issuer_other_host",
      "http://host.docker.internal:9000/application/o/app/",
      "http://authentik:9000/application/o/app/",
      /same path/,
    ],
    ["issuer_other_host", "http://127.0.0.1:8080", "http://auth:8080", /host alone/],
    [
      "issuer_other_host",
      "https://auth.example.com/realms/a",
      "https://login.example.org/realms/a",
      /same path/,
    ],
    ["issuer_other_host", "https://auth.example.com", "https://login.example.com", /host alone/],
    [
      "issuer_base_path",
      "http://localhost:8080/realms/demo",
      "http://localhost:8080/auth/realms/demo",
      /base path "\/auth", which Keycloak dropped in version 17/,
    ],
    [
      "issuer_base_path",
      "http://localhost:8080/auth/realms/demo",
      "http://localhost:8080/realms/demo",
      /base path "\/auth"/,
    ],
    [
      "issuer_base_path",
      "https://sso.example.com/auth/realms/a/",
      "https://sso.example.com/realms/a",
      /base path "\/auth"/,
    ],
    [
      "issuer_base_path",
      "https://example.com/idp/realms/a",
      "http://keycloak:8080/realms/a",
      /base path "\/idp", and in the host/,
    ],
    [
      "issuer_other_path",
      "https://sso.example.com/realms/a",
      "https://sso.example.com/realms/b",
      /different paths/,
    ],
    [
      "issuer_other_path",
      "https://sso.example.com/realms/ab",
      "https://sso.example.com/realms/b",
      /different paths/,
    ],
    ["entra_version", ENTRA_1, entra2(TENANT), /version 1.0, expected is the issuer of version 2.0/],
    ["entra_version", entra2(TENANT), ENTRA_1, /version 2.0, expected is the issuer of version 1.0/],
    ["entra_version", `https://login.microsoftonline.com/${TENANT}/`, entra2(TENANT), /version 1.0/],
    ["issuer_other_path", ENTRA_1, entra2(OTHER), /other tenants/],
    ["issuer_other_path", entra2(TENANT), entra2(OTHER), /other tenants/],
    ["issuer_other_path", entra2(TENANT), entra2("common"), /stands for every tenant/],
    ["issuer_other_path", entra2(TENANT), entra2("organizations"), /stands for every tenant/],
    [
      "issuer_legacy",
      "kubernetes/serviceaccount",
      "https://kubernetes.default.svc.cluster.local",
      /in every cluster alike/,
    ],
    [
      "issuer_legacy",
      "https://oidc.eks.eu-west-1.amazonaws.com/id/A",
      "kubernetes/serviceaccount",
      /bound one/,
    ],
    ["okta_org_server", "https://dev-1.okta.com", "https://dev-1.okta.com/oauth2/default", /org server/],
    [
      "issuer_other_path",
      "https://dev-1.okta.com/oauth2/aus1",
      "https://dev-1.okta.com/oauth2/default",
      /other authorization servers/,
    ],
    [
      "issuer_other_path",
      "https://dev-1.okta.com/oauth2/default",
      "https://dev-1.okta.com",
      /expected is the org server/,
    ],
    [
      "adfs_access_token_issuer",
      "http://fs.example.org/adfs/services/trust",
      "https://fs.example.org/adfs",
      /same AD FS/,
    ],
    ["issuer_quoted", '"aks.example.test"', "aks.example.test", /the token's iss has them/],
    ["issuer_quoted", "https://idp.example.test", "'https://idp.example.test'", /what is expected has them/],
    ["issuer_quoted", "“https://idp.example.test”", "https://idp.example.test", /differ in quotes/],
    [
      "issuer_spelling",
      "accounts.google.com",
      "https://accounts.google.com",
      /Google writes its issuer in two ways/,
    ],
    [
      "issuer_spelling",
      "https://accounts.google.com",
      "accounts.google.com",
      /Google writes its issuer in two ways/,
    ],
    ["issuer_spelling", "https://idp.example.test/a%20b", "https://idp.example.test/a b", /percent-encoding/],
    ["issuer_spelling", "https%3A%2F%2Fidp.example.test", "https://idp.example.test", /percent-encoding/],
    [
      "issuer_spelling",
      "https://IDP.example.test/",
      "https://idp.example.test",
      /final slash and in upper and lower case/,
    ],
    ["issuer_spelling", "https://idp.example.test:8443", "https://idp.example.test", /the port/],
    ["issuer_spelling", "http://keycloak:8180/realms/a", "http://keycloak:8080/realms/a", /in the port$/],
    ["issuer_spelling", "http://keycloak/realms/a", "http://keycloak:8080/realms/a", /in the port$/],
    ["issuer_spelling", "http://[::1]:8180", "http://[::1]:8080", /in the port$/],
    [
      "issuer_base_path",
      "http://keycloak:8180/realms/a",
      "http://keycloak:8080/auth/realms/a",
      /and in the port \("keycloak:8180" and "keycloak:8080"\)/,
    ],
    [
      "wrong_token_kind",
      "https://session.firebase.google.com/demo",
      "https://securetoken.google.com/demo",
      /session cookies, expected is the issuer of its ID tokens: .*other keys$/,
    ],
    [
      "wrong_token_kind",
      "https://securetoken.google.com/demo",
      "https://session.firebase.google.com/other",
      /writes into ID tokens.*the projects differ, too \(demo and other\)/,
    ],
    [
      "entra_external",
      `https://contoso.ciamlogin.com/${TENANT}/v2.0`,
      entra2(TENANT),
      /its iss is on contoso\.ciamlogin\.com, a host of Entra External ID/,
    ],
    ["issuer_other_path", entra2(TENANT), entra2("{tenantid}"), /placeholder.*nobody put a tenant/],
    ["issuer_other_path", ENTRA_1, "https://sts.windows.net/%7Btenantid%7D/", /placeholder/],
    [
      "issuer_other_host",
      "https://dev-1.okta.com/oauth2/default",
      "https://dev-1-admin.okta.com/oauth2/default",
      /address of Okta's admin console/,
    ],
    [
      "issuer_in_cluster",
      "https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B",
      "https://kubernetes.default.svc.cluster.local",
      /a cluster of Amazon EKS/,
    ],
  ])("%s: %s, expected %s", async (cause, iss, expected, evidence) => {
    const { causes, diagnosis } = await claim({ iss }, { issuers: [expected] });
    expect(causes).toEqual([cause]);
    expect(diagnosis[0]?.evidence).toMatch(evidence);
  });

  it.each([
    ["https://a.example.com", "https://b.example.org"],
    ["https://a.example.com/tenant", "https://b.example.org/tenant"],
    ["https://evil.example/auth/realms/a", "https://sso.example.com/realms/b"],
    ["kubernetes/serviceaccount", "vault"],
    ["https://dev-1.okta.com", "https://dev-2.okta.com/oauth2/default"],
  ])("is not made up: %s, expected %s", async (iss, expected) => {
    expect((await claim({ iss }, { issuers: [expected] })).causes).toEqual([]);
  });

  const B2C = `https://contoso.b2clogin.com/${TENANT}/v2.0/`;

  it.each(["tfp", "acr"])("entra_external: a token of B2C, whose %s names the policy", async (name) => {
    const { causes, diagnosis } = await claim(
      { iss: B2C, [name]: "B2C_1_signin" },
      { issuers: [entra2(TENANT)] },
    );
    expect(causes).toEqual(["entra_external"]);
    expect(diagnosis[0]?.evidence).toContain(`${name} names its policy "B2C_1_signin"`);
    expect(diagnosis[0]?.fix).toContain(
      `https://contoso.b2clogin.com/${TENANT}/B2C_1_signin/v2.0/.well-known/openid-configuration`,
    );
    expect(diagnosis[0]?.fix).toContain(`--iss ${B2C}`);
  });

  it("okta: nobody is told to configure Okta for the address of the admin console", async () => {
    const { diagnosis } = await claim(
      { iss: "https://dev-1.okta.com" },
      { issuers: ["https://dev-1-admin.okta.com"] },
    );
    expect(diagnosis.map(({ fix }) => fix)).toEqual([
      "On the verifying side: expect the issuer without -admin: --iss https://dev-1.okta.com",
    ]);
  });

  it.each([
    ["https://login.acme.com/", "https://t.eu.auth0.com/"],
    ["https://t.eu.auth0.com/", "https://login.acme.com/"],
  ])("issuer_other_host: Auth0's two domains, %s, expected %s", async (iss, expected) => {
    const { causes, diagnosis } = await claim({ iss, sub: "auth0|1" }, { issuers: [expected] });
    expect(causes).toEqual(["issuer_other_host"]);
    expect(diagnosis[0]?.evidence).toContain("its sub names a connection or a client");
    expect(diagnosis[0]?.fix).toContain(`--iss ${iss}`);
    expect((await claim({ iss, sub: "alice" }, { issuers: [expected] })).causes).toEqual([]);
  });

  it("issuer_in_cluster: of another hosted cluster, by the claim of Kubernetes alone", async () => {
    const iss = "https://container.example.com/v1/projects/p/clusters/c";
    const options = { issuers: ["https://kubernetes.default.svc"] };
    expect((await claim({ iss, "kubernetes.io": {} }, options)).causes).toEqual(["issuer_in_cluster"]);
    expect((await claim({ iss }, options)).causes).toEqual([]);
  });

  it("of several expected the one that explains it is found", async () => {
    const issuers = ["https://b.example.org", "http://keycloak:8080/realms/demo"];
    const { causes } = await claim({ iss: "http://localhost:8080/realms/demo" }, { issuers });
    expect(causes).toEqual(["issuer_other_host"]);
  });

  it("adfs_access_token_issuer: what the metadata say is named, with the keys to use", async () => {
    const { causes, diagnosis } = await claim(
      { iss: "http://fs.example.org/adfs/services/trust" },
      {
        issuers: ["https://sts.example.org/adfs"],
        accessTokenIssuer: "http://fs.example.org/adfs/services/trust",
      },
    );
    expect(causes).toEqual(["adfs_access_token_issuer"]);
    expect(diagnosis[0]?.fix).toContain("--iss http://fs.example.org/adfs/services/trust");
  });
});

const KEYCLOAK = "https://kc.example.test/realms/demo";
const COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC";

describe("an audience that stands elsewhere", () => {
  it.each<[cause: string, claims: Record<string, unknown>, expected: string, said: RegExp]>([
    [
      "audience_in_other_claim",
      { iss: KEYCLOAK, typ: "Bearer", aud: ["realm-management", "account"], azp: "my-app" },
      "my-app",
      /add an audience mapper.*--expect azp=my-app/,
    ],
    [
      "audience_in_other_claim",
      { iss: COGNITO, token_use: "access", client_id: "3n4b" },
      "3n4b",
      /--expect client_id=3n4b --expect token_use=access/,
    ],
    [
      "audience_in_other_claim",
      { iss: "https://dev-1.okta.com/oauth2/default", cid: "0oa", ver: 1, aud: "api://default" },
      "0oa",
      /--expect cid=0oa/,
    ],
    [
      "audience_in_other_claim",
      { iss: ENTRA_1, appid: "app-1", ver: "1.0", aud: "https://graph.microsoft.com" },
      "app-1",
      /--expect appid=app-1/,
    ],
    [
      "audience_in_other_claim",
      { iss: "https://auth.example.com", client_id: "web app", aud: "x" },
      "web app",
      /--expect 'client_id=web app'/,
    ],
    [
      "audience_absent",
      { iss: COGNITO, token_use: "access", client_id: "3n4b" },
      "api",
      /--expect client_id=3n4b --expect token_use=access/,
    ],
    [
      "audience_default",
      {
        iss: "https://token.actions.githubusercontent.com",
        repository: "octo/repo",
        aud: "https://github.com/octo",
      },
      "sts.amazonaws.com",
      /core.getIDToken/,
    ],
    [
      "audience_default",
      { iss: "https://kubernetes.default.svc", "kubernetes.io": {}, aud: ["https://kubernetes.default.svc"] },
      "vault",
      /--audience AUDIENCE/,
    ],
    [
      "audience_default",
      { iss: "https://t.auth0.com/", sub: "auth0|1", aud: "https://t.auth0.com/userinfo" },
      "https://api.example.com",
      /audience=API-IDENTIFIER/,
    ],
    [
      "audience_default",
      { iss: entra2(TENANT), ver: "2.0", aud: "00000003-0000-0000-c000-000000000000" },
      "api://x",
      /scope of your own API/,
    ],
    [
      "audience_default",
      { iss: "https://dev-1.okta.com", uid: "u", aud: "https://dev-1.okta.com" },
      "api",
      /audience of the authorization server/,
    ],
  ])("%s: %j, expected %s", async (cause, claims, expected, said) => {
    const { causes, diagnosis } = await claim(claims, { audiences: [expected] });
    expect(causes).toContain(cause);
    expect(diagnosis.find((found) => found.cause === cause)?.fix).toMatch(said);
  });

  it.each([
    ["2.0", TENANT, `api://${TENANT}`, /always carry the client ID/],
    ["2.0", TENANT, `api://example.com/${TENANT}`, /always carry the client ID/],
    ["1.0", `api://${TENANT}`, TENANT, /carry the API's URI/],
  ])("entra_version: of version %s, aud %s, expected %s", async (ver, aud, expected, evidence) => {
    const { causes, diagnosis } = await claim({ iss: entra2(TENANT), ver, aud }, { audiences: [expected] });
    expect(causes).toEqual(["entra_version"]);
    expect(diagnosis[0]?.evidence).toMatch(evidence);
    expect(diagnosis[0]?.fix).toContain(`--aud ${aud}`);
  });

  it("entra_version is not said of another client ID", async () => {
    const { causes } = await claim(
      { iss: entra2(TENANT), ver: "2.0", aud: TENANT },
      { audiences: [`api://${OTHER}`] },
    );
    expect(causes).toEqual([]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ aud: "api", azp: "other" }, "my-app"],
    [{ aud: "api", azp: ["my-app"] }, "my-app"],
    [{ aud: "https://github.com/octo" }, "sts.amazonaws.com"],
    [{ client_id: "3n4b" }, "other"],
  ])("is not made up: %j, expected %s", async (claims, expected) => {
    expect((await claim(claims, { audiences: [expected] })).causes).toEqual([]);
  });
});

describe("graph_nonce", () => {
  const graph = rsa();
  const NONCE = "AQABAAAAAAB-demo";
  const CLAIMS = {
    aud: "00000003-0000-0000-c000-000000000000",
    iss: ENTRA_1,
    ver: "1.0",
    exp: SECONDS + 600,
  };

  async function signedBy(by: typeof graph, payload = CLAIMS): Promise<string> {
    const header = { typ: "JWT", nonce: NONCE, alg: "RS256", kid: "k1" };
    const hashed = createHash("sha256").update(NONCE).digest("base64url");
    const real = await jws.sign({
      header: JSON.stringify({ ...header, nonce: hashed }),
      payload: Buffer.from(JSON.stringify(CLAIMS)),
      alg: "RS256",
      key: by.privateJwk,
    });
    return `${b64(JSON.stringify(header))}.${b64(JSON.stringify(payload))}.${real.split(".")[2]}`;
  }

  it("is proven with the hashed nonce, and the token is not called changed", async () => {
    const { causes, diagnosis } = await ask(await signedBy(graph), {
      keys: [{ ...graph.publicJwk, kid: "k1" }],
    });
    expect(causes).toEqual(["graph_nonce"]);
    expect(diagnosis[0]?.fix).toContain("api://");
  });

  it("attack: a changed one is called changed all the same", async () => {
    const forged = await signedBy(graph, { ...CLAIMS, ver: "2.0" });
    const { causes } = await ask(forged, { keys: [{ ...graph.publicJwk, kid: "k1" }] });
    expect(causes).toEqual(["content_changed"]);
  });

  it("is not said of another key's token", async () => {
    const { causes } = await ask(await signedBy(rsa()), { keys: [{ ...graph.publicJwk, kid: "k1" }] });
    expect(causes).toEqual(["other_key"]);
  });
});

describe("what only its issuer verifies", () => {
  const foreign = rsa();
  const TOOLKIT = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
  const account = "svc@demo.iam.gserviceaccount.com";
  const options = { issuers: ["https://securetoken.google.com/demo"], audiences: ["demo"] };
  const known = { ...foreign.publicJwk, kid: "k1" };

  it("wrong_token_kind: a Firebase custom token is traded, not verified", async () => {
    const claims = { iss: account, sub: account, aud: TOOLKIT, uid: "u", exp: SECONDS + 60 };
    const text = await token({ alg: "RS256", key: rsa().privateJwk, claims, header: { kid: "sa1" } });
    const { causes, diagnosis } = await ask(text, { keys: [known], options });
    expect(causes).toEqual(["wrong_token_kind"]);
    expect(diagnosis[0]?.fix).toContain("signInWithCustomToken");
  });

  it("wrong_token_kind: a Firebase session cookie, whose key is not among those of ID tokens", async () => {
    const claims = { iss: "https://session.firebase.google.com/demo", firebase: {}, aud: "demo" };
    const text = await token({ alg: "RS256", key: rsa().privateJwk, claims, header: { kid: "s1" } });
    const { causes, diagnosis } = await ask(text, { keys: [known], options });
    expect(causes).toEqual(["wrong_token_kind"]);
    expect(diagnosis[0]?.evidence).toContain("which nothing here proves");
    expect(diagnosis[0]?.fix).toContain("verifySessionCookie instead of verifyIdToken");
  });

  it("entra_external: a token of B2C, whose key is not among those of Entra ID", async () => {
    const claims = { iss: `https://contoso.b2clogin.com/${TENANT}/v2.0/`, tfp: "B2C_1_a", sub: "u" };
    const text = await token({ alg: "RS256", key: rsa().privateJwk, claims, header: { kid: "b1" } });
    const { causes, diagnosis } = await ask(text, { keys: [known], options: { issuers: [entra2(TENANT)] } });
    expect(causes).toEqual(["entra_external"]);
    expect(diagnosis[0]?.evidence).toContain("which nothing here proves");
  });

  it.each(["Refresh", "Offline"])(
    "wrong_token_kind: a Keycloak token of typ %s, beside the warning",
    async (typ) => {
      const claims = { iss: KEYCLOAK, typ, azp: "app", exp: SECONDS + 60 };
      const key = secret("unknown-to-anybody-but-keycloak-0123456789abcdef0123456789abcdef");
      const text = await token({ alg: "HS512", key, claims, header: { kid: "f70d" } });
      const { causes, diagnosis } = await ask(text, { keys: [known] });
      expect(causes).toEqual(["key_type_wrong", "wrong_token_kind"]);
      expect(diagnosis[0]?.fix).toContain("do not accept the token");
      expect(diagnosis[1]?.fix).toContain("send the access token");
    },
  );

  it("okta_org_server: its access tokens are for Okta", async () => {
    const claims = { iss: "https://dev-1.okta.com", cid: "c", uid: "u", ver: 1, exp: SECONDS + 60 };
    const text = await token({ alg: "RS256", key: rsa().privateJwk, claims, header: { kid: "x" } });
    expect((await ask(text, { keys: [known] })).causes).toEqual(["okta_org_server"]);
  });

  it.each([
    [{ alg: "dir", enc: "A256GCM", iss: "https://t.eu.auth0.com/" }, /only Auth0 itself/, /add audience=/],
    [{ alg: "dir", enc: "A256GCM" }, /often the issuer alone/, /hand it back/],
    [{ alg: "A256KW", enc: "A256GCM" }, /often the issuer alone/, /share that secret/],
    [{ alg: "RSA-OAEP-256", enc: "A256GCM" }, /only its recipient/, /private key/],
    [{ alg: "ECDH-ES+A256KW", enc: "A256GCM" }, /only its recipient/, /private key/],
  ])("token_encrypted: %j", async (header, who, fix) => {
    const text = `${b64(JSON.stringify(header))}.AAAA.AAAA.AAAA.AAAA`;
    const { causes, diagnosis } = await ask(text, { keys: [known] });
    expect(causes).toEqual(["token_encrypted"]);
    expect(diagnosis[0]?.evidence).toMatch(who);
    expect(diagnosis[0]?.fix).toMatch(fix);
  });

  it("token_padded: of a load balancer of AWS, the fix speaks to who cannot change AWS", async () => {
    const padded = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString("base64").replace(/\+/g, "-").replace(/\//g, "_");
    const build = async (signer: string) => {
      const input = `${padded({ alg: "ES256", signer })}.${padded({ sub: "u", exp: SECONDS + 60, x: "a" })}`;
      const { sign } = await import("node:crypto");
      const signature = sign("sha256", Buffer.from(input), {
        key: pair.privateKey,
        dsaEncoding: "ieee-p1363",
      });
      return `${input}.${signature.toString("base64").replace(/\+/g, "-").replace(/\//g, "_")}`;
    };
    const alb = await ask(await build("arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/x/1"), {
      keys: [pair.publicJwk],
    });
    expect(alb.causes).toEqual(["token_padded"]);
    expect(alb.diagnosis[0]?.fix).toContain("AlbJwtVerifier");
    const other = await ask(await build("someone"), { keys: [pair.publicJwk] });
    expect(other.diagnosis[0]?.fix).toContain("On the issuing side");
  });
});
