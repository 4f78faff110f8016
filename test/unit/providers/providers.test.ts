import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasTellingSigns } from "../../../src/core/analysis/kinds/telling-signs.ts";
import { PROVIDER_IDS, type ProviderId } from "../../../src/core/analysis/providers/provider.ts";
import {
  PROVIDERS,
  providerClaim,
  recogniseProvider,
} from "../../../src/core/analysis/providers/recognise.ts";
import { objectOf } from "../../../src/core/jose/token/content.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { providersPage } from "../../../src/output/lint/providers-page.ts";
import { segment } from "../token/make.ts";

interface Example {
  readonly id: ProviderId;
  /** Its sort of token, as far as it is told. */
  readonly token: RegExp;
  readonly claims: object;
  readonly header?: object;
}

const TENANT = "11111111-2222-3333-4444-555555555555";
const ENTRA_1 = `https://sts.windows.net/${TENANT}/`;
const ENTRA_2 = `https://login.microsoftonline.com/${TENANT}/v2.0`;
const GRAPH = "00000003-0000-0000-c000-000000000000";
const IDENTITY_TOOLKIT =
  "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
const COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC";
const KEYCLOAK = "https://sso.example.org/realms/staff";

/** Every sort of token in the table, once at least. */
const EXAMPLES: readonly Example[] = [
  {
    id: "entra-id",
    token: /Graph/,
    claims: { iss: ENTRA_1, aud: GRAPH, tid: TENANT },
    header: { nonce: "n" },
  },
  {
    id: "entra-id",
    token: /Graph/,
    claims: { iss: ENTRA_2, aud: "https://graph.microsoft.com", ver: "1.0" },
  },
  { id: "entra-id", token: /access token \(version 1/, claims: { iss: ENTRA_1, appid: "a", ver: "1.0" } },
  {
    id: "entra-id",
    token: /access token \(version 2/,
    claims: { iss: ENTRA_2, azp: "a", scp: "x", ver: "2.0" },
  },
  {
    id: "entra-id",
    token: /access token \(version 2/,
    claims: { iss: ENTRA_2, azp: "a", azpacr: "1", ver: "2.0" },
  },
  { id: "entra-id", token: /ID token \(version 2/, claims: { iss: ENTRA_2, ver: "2.0", nonce: "n" } },
  { id: "entra-id", token: /ID token \(version 1/, claims: { iss: ENTRA_1, ver: "1.0", upn: "u" } },
  {
    id: "entra-external-id",
    token: /ID token/,
    claims: { iss: `https://t.b2clogin.com/${TENANT}/v2.0/`, tfp: "B2C_1", sub: "u" },
  },
  {
    id: "entra-external-id",
    token: /access/,
    claims: { iss: `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`, ver: "2.0", scp: "x" },
  },
  {
    id: "ad-fs",
    token: /access/,
    claims: { iss: "http://fs.example.org/adfs/services/trust", apptype: "Public" },
  },
  { id: "ad-fs", token: /ID token/, claims: { iss: "https://fs.example.org/adfs", upn: "u", sub: "u" } },
  { id: "google", token: /ID token/, claims: { iss: "https://accounts.google.com", azp: "a", sub: "1" } },
  { id: "google", token: /ID token/, claims: { iss: "accounts.google.com", email_verified: true, sub: "1" } },
  { id: "firebase", token: /ID token/, claims: { iss: "https://securetoken.google.com/demo", firebase: {} } },
  {
    id: "firebase",
    token: /session cookie/,
    claims: { iss: "https://session.firebase.google.com/demo", firebase: {} },
  },
  {
    id: "firebase",
    token: /custom/,
    claims: { iss: "s@demo.iam.gserviceaccount.com", aud: IDENTITY_TOOLKIT, uid: "u" },
  },
  {
    id: "auth0",
    token: /encrypted/,
    claims: {},
    header: { alg: "dir", enc: "A256GCM", iss: "https://t.eu.auth0.com/" },
  },
  { id: "auth0", token: /access/, claims: { iss: "https://t.auth0.com/", sub: "auth0|1", scope: "openid" } },
  {
    id: "auth0",
    token: /access/,
    claims: { iss: "https://t.auth0.com/", sub: "x@clients", gty: "client-credentials" },
  },
  { id: "auth0", token: /ID token/, claims: { iss: "https://t.auth0.com/", sub: "google-oauth2|1" } },
  { id: "okta", token: /org server/, claims: { iss: "https://dev-1.okta.com", cid: "c", uid: "u", ver: 1 } },
  {
    id: "okta",
    token: /^an access token$/,
    claims: { iss: "https://dev-1.okta.com/oauth2/default", cid: "c", ver: 1 },
  },
  {
    id: "okta",
    token: /ID token/,
    claims: { iss: "https://x.oktapreview.com/oauth2/aus1", ver: 1, sub: "u" },
  },
  { id: "cognito", token: /access/, claims: { iss: COGNITO, token_use: "access", client_id: "c" } },
  { id: "cognito", token: /ID token/, claims: { iss: COGNITO, token_use: "id", aud: "c" } },
  {
    id: "aws-alb",
    token: /user's claims/,
    claims: { sub: "u" },
    header: { signer: "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/x/1", exp: 2e9 },
  },
  { id: "keycloak", token: /refresh/, claims: { iss: KEYCLOAK, typ: "Refresh" } },
  {
    id: "keycloak",
    token: /refresh/,
    claims: { iss: "http://localhost:8080/auth/realms/a", typ: "Offline" },
  },
  { id: "keycloak", token: /ID token/, claims: { iss: KEYCLOAK, typ: "ID" } },
  { id: "keycloak", token: /logout/, claims: { iss: KEYCLOAK, typ: "Logout" } },
  { id: "keycloak", token: /access/, claims: { iss: KEYCLOAK, typ: "Bearer" } },
  { id: "keycloak", token: /access/, claims: { iss: KEYCLOAK, realm_access: {}, scope: "email" } },
  {
    id: "github-actions",
    token: /workflow/,
    claims: { iss: "https://token.actions.githubusercontent.com", repository: "o/r" },
  },
  {
    id: "github-actions",
    token: /workflow/,
    claims: { iss: "https://git.example.org/_services/token", repository: "o/r" },
  },
  {
    id: "gitlab-ci",
    token: /job/,
    claims: { iss: "https://gitlab.com", project_path: "g/p", pipeline_id: "1", job_id: "2" },
  },
  {
    id: "gitlab-ci",
    token: /job/,
    claims: { iss: "https://git.example.org", project_path: "g/p", pipeline_id: "1", job_id: "2" },
  },
  {
    id: "kubernetes",
    token: /old kind/,
    claims: { iss: "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/service-account.name": "s" },
  },
  {
    id: "kubernetes",
    token: /service account/,
    claims: { iss: "https://kubernetes.default.svc", "kubernetes.io": {} },
  },
  {
    id: "apple",
    token: /ID token/,
    claims: { iss: "https://appleid.apple.com", nonce_supported: true, sub: "1" },
  },
  {
    id: "supabase",
    token: /access/,
    claims: { iss: "https://p.supabase.co/auth/v1", session_id: "s", sub: "u" },
  },
  { id: "supabase", token: /service key/, claims: { iss: "supabase", role: "service_role", ref: "p" } },
  { id: "supabase", token: /public key/, claims: { iss: "supabase", role: "anon", ref: "p" } },
  {
    id: "zitadel",
    token: /token/,
    claims: { iss: "https://i.zitadel.cloud", "urn:zitadel:iam:org:project:roles": {}, sub: "1" },
  },
];

function tokenOf({ claims, header = {} }: Pick<Example, "claims" | "header">) {
  const isEncrypted = "enc" in header;
  const first = segment({ alg: "RS256", ...header });
  return inspectToken(isEncrypted ? `${first}..AAAA.AAAA.AAAA` : `${first}.${segment(claims)}.AAAA`);
}

const recognised = (example: Pick<Example, "claims" | "header">) => {
  const token = tokenOf(example);
  return recogniseProvider(objectOf(token.header.content), objectOf(token.payload?.content));
};

describe("a provider is recognised by its iss and a second sign", () => {
  it.each(EXAMPLES.map((example) => [`${example.id}: ${example.token}`, example] as const))(
    "%s",
    (_, example) => {
      const found = recognised(example);
      expect(found?.provider.id).toBe(example.id);
      expect(found?.token?.name).toMatch(example.token);
      expect(hasTellingSigns(tokenOf(example))).toBe(true);
    },
  );

  it("each of the table, and each of its sorts of tokens", () => {
    expect(PROVIDERS.map(({ id }) => id).toSorted()).toEqual([...PROVIDER_IDS].toSorted());
    const shown = new Set(EXAMPLES.map(recognised).map((found) => found?.token));
    const unshown = PROVIDERS.flatMap(({ tokens }) => tokens).filter((token) => !shown.has(token));
    expect(unshown.map(({ name }) => name)).toEqual([]);
  });

  it.each<[string, object]>([
    ["an iss alone", { iss: ENTRA_2, sub: "u" }],
    ["a sign alone", { iss: "https://auth.example.com", tid: TENANT, ver: "2.0" }],
    [
      "a look-alike host",
      { iss: `https://login.microsoftonline.com.evil.example/${TENANT}/v2.0`, tid: TENANT },
    ],
    [
      "a host in the path",
      { iss: `https://evil.example/login.microsoftonline.com/${TENANT}/v2.0`, tid: TENANT },
    ],
    ["Google in a path", { iss: "https://evil.example/accounts.google.com", azp: "a" }],
    ["iss of the wrong type", { iss: [ENTRA_2], tid: TENANT }],
    ["no claims of interest", { sub: "u" }],
  ])("nobody's: %s", (_, claims) => {
    expect(recognised({ claims })).toBeUndefined();
  });
});

describe("the claims of a provider", () => {
  it("mean what that provider says, and elsewhere what the registry says", () => {
    expect(providerClaim("okta", "cid")?.meaning).toContain("application");
    expect(providerClaim("google", "cid")).toBeUndefined();
  });
});

describe("docs/providers.md", () => {
  it("is the table", () => {
    expect(readFileSync("docs/providers.md", "utf8")).toBe(providersPage(PROVIDERS));
  });
});
