import { claim, equals, matches, OBJECT, sign } from "../kinds/kind.ts";
import type { Provider } from "./provider.ts";

const header = (name: string) => ({ part: "header", name }) as const;
const GRAPH = matches(
  /^(?:00000003-0000-0000-c000-000000000000|https:\/\/graph\.microsoft\.com\/?)$/,
  "Graph",
);

/** Providers that companies run or rent for their own people, applications and machines. */
export const DIRECTORY_PROVIDERS: readonly Provider[] = [
  {
    id: "entra-id",
    name: "Microsoft Entra ID",
    issuer:
      /^https:\/\/(?:sts\.windows\.net\/[\w-]+\/|login\.microsoftonline\.(?:com|us)\/[\w-]+\/(?:v2\.0)?)$/,
    issuerSays:
      "https://sts.windows.net/TENANT/ (version 1.0), https://login.microsoftonline.com/TENANT/v2.0 (version 2.0)",
    signs: [
      sign("tid"),
      sign("oid"),
      sign("ver"),
      sign("appid"),
      { says: "its header has a nonce", all: [header("nonce")] },
    ],
    tokens: [
      {
        name: "an access token for Microsoft Graph",
        all: [claim("aud", GRAPH)],
        remark: "nobody but Graph can verify it: its nonce is hashed before it is signed",
      },
      { name: "an access token (version 1.0)", all: [claim("appid")] },
      { name: "an access token (version 2.0)", all: [claim("azp"), claim("scp")] },
      { name: "an access token (version 2.0)", all: [claim("azp"), claim("azpacr")] },
      { name: "an ID token (version 2.0)", all: [claim("ver", equals("2.0"))] },
      { name: "an ID token (version 1.0)", all: [claim("ver", equals("1.0"))] },
    ],
    claims: [
      ["ver", "version", "1.0 or 2.0: the format of the token, which the app registration of the API sets"],
      ["appid", "application id", "the application that asked for the token (version 1.0; azp in 2.0)"],
      ["azp", "application id", "the application that asked for the token (version 2.0; appid in 1.0)"],
      [
        "appidacr",
        "client proof",
        "how the application proved itself: 0 not, 1 with a secret, 2 with a certificate",
      ],
      [
        "azpacr",
        "client proof",
        "how the application proved itself: 0 not, 1 with a secret, 2 with a certificate",
      ],
      ["roles", "application roles", "the roles of the API that the user or application was given"],
      ["aio", "internal", "for Entra ID alone"],
      ["rh", "internal", "for Entra ID alone"],
      ["uti", "token id", "the id of the token; jti elsewhere"],
      ["xms_cc", "client capabilities", "cp1: the client can be told that its token was taken back"],
    ],
  },
  {
    id: "entra-external-id",
    name: "Microsoft Entra External ID or Azure AD B2C",
    issuer: /^https:\/\/[\w-]+\.(?:b2clogin|ciamlogin)\.com\/.+$/,
    issuerSays: "https://TENANT.b2clogin.com/ID/v2.0/, https://ID.ciamlogin.com/ID/v2.0",
    signs: [sign("tfp"), sign("acr"), sign("ver"), sign("tid")],
    tokens: [
      { name: "an access token", all: [claim("scp")] },
      { name: "an ID token", all: [claim("sub")] },
    ],
    claims: [
      ["tfp", "user flow", "the policy (user flow) that the user went through"],
      ["acr", "user flow", "in older tokens the policy that the user went through"],
    ],
  },
  {
    id: "ad-fs",
    name: "AD FS",
    issuer: /^https?:\/\/.+\/adfs(?:\/services\/trust)?$/,
    issuerSays: "https://HOST/adfs, and in access tokens http://HOST/adfs/services/trust",
    signs: [
      sign("apptype"),
      sign("appid"),
      sign("authmethod"),
      sign("upn"),
      sign("unique_name"),
      sign("ver"),
    ],
    tokens: [
      {
        name: "an access token",
        all: [claim("iss", matches(/\/services\/trust$/, ""))],
        remark: "its iss is not the issuer of the metadata, but what they name as access_token_issuer",
      },
      { name: "an ID token", all: [claim("sub")] },
    ],
    claims: [
      ["apptype", "type of application", "Public or Confidential: whether it has a secret of its own"],
    ],
  },
  {
    id: "cognito",
    name: "Amazon Cognito",
    issuer: /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com(?:\.cn)?\/[\w-]+$/,
    issuerSays: "https://cognito-idp.REGION.amazonaws.com/POOL",
    signs: [sign("token_use")],
    tokens: [
      {
        name: "an access token",
        all: [claim("token_use", equals("access"))],
        remark: "it has no aud: client_id says which app client it was issued to",
      },
      { name: "an ID token", all: [claim("token_use", equals("id"))] },
    ],
    claims: [
      ["client_id", "app client", "the app client that the token was issued to; in ID tokens it is the aud"],
      ["username", "user name", "the user's name in the user pool"],
      ["device_key", "device", "the device that the user pool remembers"],
    ],
  },
  {
    id: "aws-alb",
    name: "AWS Application Load Balancer",
    issuer: /^arn:aws[\w-]*:elasticloadbalancing:/,
    issuerSays: "signer in the header: arn:aws:elasticloadbalancing:…",
    issuerMember: "signer",
    signs: [
      { says: "its header has exp", all: [header("exp")] },
      { says: "its header has client", all: [header("client")] },
    ],
    tokens: [
      {
        name: "the user's claims (x-amzn-oidc-data)",
        all: [],
        remark: "it is padded base64url, which is no JWT: exp, iss and client stand in the header",
      },
    ],
    claims: [["sub", "subject", "the user at the identity provider behind the load balancer"]],
  },
  {
    id: "keycloak",
    name: "Keycloak",
    issuer: /^https?:\/\/.+\/realms\/[^/]+$/,
    issuerSays: "https://HOST/realms/REALM, before version 17 https://HOST/auth/realms/REALM",
    signs: [
      {
        says: "its claim typ is Keycloak's",
        all: [claim("typ", matches(/^(?:Bearer|ID|Refresh|Offline|Logout|DPoP)$/, ""))],
      },
      sign("realm_access"),
      sign("resource_access"),
      sign("session_state"),
    ],
    tokens: [
      {
        name: "a refresh token",
        all: [claim("typ", matches(/^(?:Refresh|Offline)$/, ""))],
        remark: "only Keycloak itself can verify it: it is signed with a secret of the realm",
      },
      { name: "an ID token", all: [claim("typ", equals("ID"))] },
      { name: "a logout token", all: [claim("typ", equals("Logout"))] },
      { name: "an access token", all: [claim("typ", matches(/^(?:Bearer|DPoP)$/, ""))] },
      { name: "an access token", all: [claim("scope")] },
    ],
    claims: [
      [
        "azp",
        "authorized party",
        "the client that the token was issued to; an API is named in aud only by an audience mapper",
      ],
      ["realm_access", "realm roles", "the user's roles in the whole realm"],
      ["resource_access", "client roles", "the user's roles for single clients"],
      ["typ", "type", "Bearer (access), ID, Refresh, Offline or Logout"],
      ["acr", "login level", "1: the user logged in for this; 0: by an older session"],
    ],
  },
  {
    id: "github-actions",
    name: "GitHub Actions",
    issuer: /^https:\/\/(?:token\.actions\.githubusercontent\.com|.+\/_services\/token)(?:\/.+)?$/,
    issuerSays:
      "https://token.actions.githubusercontent.com; of a GitHub server https://HOST/_services/token",
    signs: [sign("job_workflow_ref"), sign("repository")],
    tokens: [
      {
        name: "a workflow's token",
        all: [claim("repository")],
        remark: "its aud is the owner's address unless the workflow asks for another",
      },
    ],
    claims: [
      [
        "sub",
        "subject",
        "the repository with its branch, tag or environment: what a cloud's trust policy compares",
      ],
      ["ref", "git ref", "the branch or tag that the workflow runs for"],
      ["environment", "environment", "the environment that the job names"],
    ],
  },
  {
    id: "gitlab-ci",
    name: "GitLab CI/CD",
    issuer: /^https?:\/\/[^/]+(?:\/.*)?$/,
    issuerSays: "https://gitlab.com, or the address of one's own GitLab",
    signs: [sign("project_path", "pipeline_id")],
    tokens: [{ name: "a job's token", all: [claim("job_id")] }],
    claims: [
      ["project_path", "project", "the project whose pipeline asked for the token"],
      ["ref_protected", "protected", "whether the branch or tag is protected"],
      ["pipeline_source", "pipeline's cause", "what started the pipeline"],
    ],
  },
  {
    id: "kubernetes",
    name: "Kubernetes",
    issuer: /^.+$/,
    issuerSays: "the --service-account-issuer of the cluster; before version 1.21 kubernetes/serviceaccount",
    signs: [
      { says: "it has kubernetes.io", all: [claim("kubernetes.io", OBJECT)] },
      sign("kubernetes.io/serviceaccount/service-account.name"),
    ],
    tokens: [
      {
        name: "a service account's token of the old kind",
        all: [claim("kubernetes.io/serviceaccount/service-account.name")],
        remark: "it comes from a Secret, never expires, and its iss is the same in every cluster",
      },
      { name: "a service account's token", all: [claim("kubernetes.io")] },
    ],
    claims: [["sub", "subject", "system:serviceaccount:NAMESPACE:NAME"]],
  },
  {
    id: "zitadel",
    name: "Zitadel",
    issuer: /^https?:\/\/[^/]+$/,
    issuerSays: "https://INSTANCE.zitadel.cloud, or the address of one's own",
    signs: [
      {
        says: "it has a claim of Zitadel",
        all: [claim("urn:zitadel:iam:user:resourceowner:id")],
      },
      sign("urn:zitadel:iam:org:project:roles"),
    ],
    tokens: [{ name: "an ID token or access token", all: [claim("sub")] }],
    claims: [["urn:zitadel:iam:org:project:roles", "roles", "the user's roles in the project"]],
  },
];
