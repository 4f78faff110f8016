import { rows } from "./description.ts";

/** Unregistered claims of widely used issuers. */
export const PROVIDER_CLAIMS = [
  ...rows("not registered, used by Django and others", [
    ["orig_iat", "first issued at", "when the first token of this chain was made"],
  ]),
  ...rows("not registered, used by Entra ID", [
    ["tid", "tenant", "the tenant of the directory that the user belongs to"],
    ["oid", "object id", "the user or application in the tenant's directory, the same for every application"],
    ["upn", "user principal name", "the user's name in the directory; it may change"],
    ["appid", "application id", "the application that asked for the token (version 1 tokens)"],
    ["scp", "scope", "what the application may do on behalf of the user"],
    ["idp", "identity provider", "who the user logged in with, when it was not the issuer"],
    ["wids", "directory roles", "the user's administrative roles in the tenant"],
  ]),
  ...rows("not registered, used by Cognito", [
    ["token_use", "token use", "whether this is an access token or an ID token"],
    ["cognito:username", "user name", "the user's name in the user pool"],
    ["cognito:groups", "groups", "the groups of the user pool that the user belongs to"],
    ["origin_jti", "first token id", "ties the tokens of one login together, so that they can be revoked"],
    ["event_id", "event id", "the login event behind the token"],
  ]),
  ...rows("not registered, used by Keycloak", [
    ["realm_access", "realm roles", "the user's roles in the whole realm"],
    ["resource_access", "client roles", "the user's roles for single clients"],
    ["session_state", "session", "the login this token belongs to"],
    ["allowed-origins", "allowed origins", "from which web pages the token may be used"],
  ]),
  ...rows("not registered, used by Google", [
    ["hd", "hosted domain", "the organisation of the user's account"],
    ["firebase", "Firebase", "how the user logged in to Firebase"],
  ]),
  ...rows("not registered, used by Auth0", [
    ["gty", "grant type", "how the application got the token"],
    ["permissions", "permissions", "what the holder may do"],
  ]),
  ...rows("not registered, used by Kubernetes", [
    ["kubernetes.io", "Kubernetes", "the pod, service account and namespace the token belongs to"],
  ]),
  ...rows("not registered, used by GitHub Actions", [
    ["repository", "repository", "the repository whose workflow asked for the token"],
    ["repository_owner", "owner", "who owns the repository"],
    ["job_workflow_ref", "job's workflow", "the workflow file that defines the job"],
    ["runner_environment", "runner", "whether the job runs on GitHub's machines or one's own"],
  ]),
  ...rows("not registered, used by Supabase", [
    ["aal", "assurance level", "how strong the login was: aal1 one factor, aal2 several"],
    [
      "app_metadata",
      "application data",
      "what the application keeps about the user; the user cannot change it",
    ],
    ["user_metadata", "user data", "what the user keeps about themselves, and can change"],
    ["is_anonymous", "anonymous", "whether the user has not registered"],
    ["session_id", "session id", "the login this token belongs to"],
  ]),
];
