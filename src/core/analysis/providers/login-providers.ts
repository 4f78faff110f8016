import { claim, equals, matches, sign } from "../kinds/kind.ts";
import type { Provider } from "./provider.ts";

const header = (name: string) => ({ part: "header", name }) as const;

/** Providers whose customers' users log in with them. */
export const LOGIN_PROVIDERS: readonly Provider[] = [
  {
    id: "google",
    name: "Google",
    issuer: /^(?:https:\/\/)?accounts\.google\.com$/,
    issuerSays: "https://accounts.google.com, in older tokens accounts.google.com",
    signs: [sign("azp"), sign("email_verified"), sign("hd"), sign("at_hash")],
    tokens: [
      {
        name: "an ID token",
        all: [claim("sub")],
        remark: "Google's access tokens are opaque: an API is shown an ID token, or asks Google",
      },
    ],
    claims: [
      ["azp", "authorized party", "the OAuth client of the Google project that asked for the token"],
      ["hd", "hosted domain", "the Google Workspace domain; without it the account belongs to a person"],
      ["sub", "subject", "the number of the Google account, which never changes"],
    ],
  },
  {
    id: "firebase",
    name: "Firebase",
    issuer: /^(?:https:\/\/(?:securetoken|session\.firebase)\.google\.com\/.+|.+@.+\.gserviceaccount\.com)$/,
    issuerSays:
      "https://securetoken.google.com/PROJECT, of session cookies https://session.firebase.google.com/PROJECT, of custom tokens the service account",
    signs: [
      sign("firebase"),
      { says: "its aud is Identity Toolkit's", all: [claim("aud", matches(/IdentityToolkit$/, ""))] },
    ],
    tokens: [
      {
        name: "a custom token",
        all: [claim("aud", matches(/IdentityToolkit$/, ""))],
        remark: "it is traded for an ID token (signInWithCustomToken), and not verified by anybody else",
      },
      {
        name: "a session cookie",
        all: [claim("iss", matches(/^https:\/\/session\.firebase\./, ""))],
        remark: "it has other keys than ID tokens: verifySessionCookie verifies it, not verifyIdToken",
      },
      { name: "an ID token", all: [claim("firebase")] },
    ],
    claims: [
      ["firebase", "Firebase", "how the user logged in, and under which identities"],
      ["uid", "user id", "in a custom token: whom Firebase is to log in"],
      ["user_id", "user id", "the same as sub"],
    ],
  },
  {
    id: "auth0",
    name: "Auth0",
    issuer: /^https:\/\/[\w.-]+\.auth0\.com\/$/,
    issuerSays: "https://TENANT.auth0.com/, with its final slash",
    signs: [
      { says: "its sub names a connection or a client", all: [claim("sub", matches(/\||@clients$/, ""))] },
      { says: "its header names the issuer", all: [header("enc")] },
      sign("gty"),
    ],
    tokens: [
      {
        name: "an encrypted access token",
        all: [header("enc")],
        remark: "only Auth0 can read it; that is what it gives when no audience was asked for",
      },
      { name: "an access token", all: [claim("scope")] },
      { name: "an access token", all: [claim("gty")] },
      { name: "an ID token", all: [claim("sub")] },
    ],
    claims: [
      ["gty", "grant type", "how the application got the token: client-credentials, for example"],
      ["permissions", "permissions", "what the API allows its holder, where RBAC adds them to the token"],
      ["org_id", "organization", "the Auth0 organization that the user logged in to"],
      ["azp", "authorized party", "the client id of the application that the token was issued to"],
    ],
  },
  {
    id: "okta",
    name: "Okta",
    issuer: /^https:\/\/[\w.-]+\.okta(?:preview|-emea)?\.com(?:\/oauth2\/[\w-]+)?$/,
    issuerSays: "https://ORG.okta.com (the org server), or https://ORG.okta.com/oauth2/ID",
    signs: [
      sign("cid"),
      sign("uid"),
      { says: "its ver is 1", all: [claim("ver", { says: "1", fits: (ver) => ver === 1 })] },
    ],
    tokens: [
      {
        name: "an access token of the org server",
        all: [claim("iss", matches(/okta[\w-]*\.com$/, "")), claim("cid")],
        remark: "it is for Okta's own API: nobody else can verify it",
      },
      { name: "an access token", all: [claim("cid")] },
      { name: "an ID token", all: [claim("sub")] },
    ],
    claims: [
      ["cid", "client id", "the application that the token was issued to"],
      ["uid", "user id", "the user's id at Okta; sub has the login name in access tokens"],
      ["scp", "scopes", "what was granted, as a list"],
      ["ver", "version", "the version of Okta's token format"],
    ],
  },
  {
    id: "apple",
    name: "Sign in with Apple",
    issuer: /^https:\/\/appleid\.apple\.com$/,
    issuerSays: "https://appleid.apple.com",
    signs: [sign("nonce_supported"), sign("is_private_email"), sign("auth_time"), sign("email")],
    tokens: [{ name: "an ID token", all: [claim("sub")] }],
    claims: [
      ["is_private_email", "private e-mail", "whether email is a relay address that Apple made for this app"],
      ["real_user_status", "real user", "how sure Apple is that a person is behind the account"],
      ["nonce_supported", "nonce supported", "whether the platform can send a nonce"],
    ],
  },
  {
    id: "supabase",
    name: "Supabase",
    issuer: /^(?:https?:\/\/.+\/auth\/v1|supabase|supabase-demo)$/,
    issuerSays: "https://PROJECT.supabase.co/auth/v1; of API keys supabase",
    signs: [
      sign("session_id"),
      sign("app_metadata"),
      {
        says: "its role is one of Supabase's",
        all: [claim("role", matches(/^(?:anon|service_role|authenticated)$/, ""))],
      },
    ],
    tokens: [
      {
        name: "the service key",
        all: [claim("role", equals("service_role"))],
        remark: "it passes every row level security: it belongs on a server and nowhere else",
      },
      { name: "the public key of the project", all: [claim("role", equals("anon"))] },
      { name: "an access token", all: [claim("sub")] },
    ],
    claims: [
      ["role", "role", "the database role that PostgREST takes on"],
      ["ref", "project", "the project that an API key belongs to"],
    ],
  },
];
