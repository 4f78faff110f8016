import { IT_IS_A_SECRET, ONLY_ITS_ISSUER, type Recognition } from "./recognition.ts";

// Tokens and keys that say nothing by themselves, by the marks their issuers give them.

type Marked = readonly [form: RegExp, whose: string, hint?: string];

const TOKENS = (): readonly Marked[] => [
  [
    /^gh[opsur]_\w{10,}$|^github_pat_\w+$|^v1\.[0-9a-f]{40}$/,
    "GitHub",
    "Ask GitHub about it: curl -H @FILE https://api.github.com/user",
  ],
  [/^gl(?:pat|dt|ft|rt|ptt|agent|soat|cbt|imt|oas|feed|wt)-[\w.-]+$/, "GitLab"],
  [/^(?:GR1348941)[\w-]{20}$/, "GitLab"],
  [/^xox[a-z](?:\.xox[a-z])?-[\w-]+$|^xapp-\d-[\w-]+$|^xwfp-[\w-]+$/, "Slack"],
  [/^ya29\.[\w.-]+$/, "Google", "Ask for an ID token, or see https://oauth2.googleapis.com/tokeninfo"],
  [/^1\/\/0[\w-]{20,}$|^4\/[01][\w-]{20,}$/, "Google (a refresh token or authorization code)"],
  [
    /^EAA[A-Za-z0-9]{20,}$|^IG(?:QV|AA)[\w-]{20,}$/,
    "Meta (Facebook, Instagram)",
    "See what it says with Meta's Access Token Debugger",
  ],
  [/^A{10,}[\w%=-]{40,}$/, "X (Twitter)"],
  [/^Atz[ar]\|[\w\-|=+/]+$/, "Login with Amazon"],
  [/^A21A[A-Z][\w-]{20,}$/, "PayPal"],
  [
    /^Ew[A-D][\w+/=-]{100,}$|^M\.[CR]\d[\w.*!$-]{20,}$/,
    "Microsoft (a personal account)",
    "Tokens of personal accounts are opaque; ask for an ID token instead",
  ],
  [/^(?:0|1)\.A[\w-]{20,}(?:\.[\w-]+)*$/, "Microsoft Entra ID (a refresh token or authorization code)"],
  [
    /^hv[sbr]\.[\w-]{20,}$|^[sbr]\.[A-Za-z0-9]{24}$/,
    "HashiCorp Vault",
    "Look it up with: vault token lookup",
  ],
  [/^[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}$/, "HCP Terraform"],
  [/^sha256~[\w-]{40,}$/, "OpenShift", "See whose it is with: oc whoami"],
  [/^[a-z0-9]{6}\.[a-z0-9]{16}$/, "kubeadm (a bootstrap token)", "List them with: kubeadm token list"],
  [
    /^k8s-aws-v1\.[\w-]+$/,
    "Amazon EKS: a presigned address of AWS STS in base64, which the cluster calls to learn who you are",
    "It is made by: aws eks get-token, and is valid for 15 minutes",
  ],
  [/^(?:kubeconfig-\S{1,60}|token-\w{5}):\w{40,}$/, "Rancher"],
  [/^SWMTKN-\d-\w+-\w+$/, "Docker Swarm"],
  [/^dckr_(?:pat|oat)_[\w-]+$/, "Docker Hub"],
  [/^npm_\w{30,}$/, "npm"],
  [/^rubygems_[0-9a-f]{40,}$/, "RubyGems"],
  [/^cio\w{32}$/, "crates.io"],
  [/^ATATT3x[\w=-]+$|^ATCTT3x[\w=-]+$|^ATBB\w+$/, "Atlassian"],
  [
    /^00[A-Za-z0-9_-]{40}$/,
    "Okta",
    "Okta's API tokens are opaque; an access token of a custom authorization server is a JWT",
  ],
  [/^ory_(?:at|rt|ac|st|lo|pat)_[\w.-]+$/, "Ory"],
  [/^tskey-[\w-]+$/, "Tailscale"],
  [/^(?:FlyV1 )?fm\d[ar]?_[\w+/=,-]+$|^fo1_[\w-]+$/, "Fly.io (a macaroon)"],
  [/^dop_v1_[0-9a-f]{64}$|^do[or]_v1_[0-9a-f]{64}$/, "DigitalOcean"],
  [/^shp(?:at|ca|pa|ss|ua)_[0-9a-f]{32}$/, "Shopify"],
  [/^dapi[0-9a-f]{32}(?:-\d)?$/, "Databricks"],
  [/^pul-[0-9a-f]{40}$/, "Pulumi"],
  [/^glsa_\w{32}_[0-9a-f]{8}$/, "Grafana (a service account)"],
  [/^sq[uapg]_[0-9a-f]{40}$/, "SonarQube"],
  [/^hf_\w{30,}$|^api_org_\w{30,}$/, "Hugging Face"],
  [/^ntn_\w+$|^secret_\w{43}$/, "Notion"],
  [/^pat\w{14}\.[0-9a-f]{64}$/, "Airtable"],
  [/^pat-(?:na|eu)\d-[0-9a-f-]{36}$/, "HubSpot"],
  [/^sl\.[\w-]{100,}$/, "Dropbox"],
  [/^(?:sbp|sb_secret|sb_publishable)_[\w-]+$/, "Supabase"],
  [/^dp\.(?:st|pt|ct|sa|scim|audit)\.[\w.-]+$/, "Doppler"],
  [/^figd_[\w-]+$/, "Figma"],
  [/^lin_(?:api|oauth)_\w+$/, "Linear"],
  [
    /^CCIPAT_\w+$|^bk[ua]a_[0-9a-f]+$|^nfp_\w+$|^rnd_\w+$|^HRKU-[\w-]+$|^vc[apikr]_\w+$/,
    "a build or hosting service",
  ],
  [/^\d{8,10}:AA[\w-]{33}$/, "a Telegram bot"],
  [/^cmVmd[A-Za-z0-9+/=]{50,}$|^AKCp\w{60,}$/, "JFrog Artifactory (a reference token or API key)"],
  [/^2\.[\w-]{22,}\.[\w-]{10,}$/, "an OAuth server"],
];

const KEYS = (): readonly Marked[] => [
  [/^[sprw][kh]_(?:live|test)_\w+$|^whsec_[\w+/=]+$/, "an API key of Stripe, or of Clerk"],
  [/^sk-ant-[\w-]+$/, "an API key of Anthropic"],
  [
    /^sk-(?:proj-|svcacct-|admin-|or-v1-|None-)?[\w-]{20,}$/,
    "an API key of OpenAI, or of a service with the same form",
  ],
  [/^(?:AIza[\w-]{30,}|GOCSPX-[\w-]+)$/, "an API key or client secret of Google"],
  [
    /^(?:A3T\w|AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA)[A-Z0-9]{16}$/,
    "an access key id of AWS",
    "It names a key; requests are signed with the secret key that belongs to it (AWS Signature Version 4)",
  ],
  [
    /^(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz)[\w+/=%-]+$/,
    "a session token of AWS STS",
    "It goes with an access key id and a secret key: requests are signed with them, and it says nothing by itself",
  ],
  [/^SG\.[\w-]{10,}\.[\w-]{10,}$/, "an API key of SendGrid"],
  [/^key-[0-9a-f]{32}$|^[0-9a-f]{32}-us\d{1,2}$/, "an API key of Mailgun or Mailchimp"],
  [/^xkeysib-[\w-]+$|^re_\w{20,}$/, "an API key of Brevo or Resend"],
  [/^(?:SK|AC)[0-9a-f]{32}$/, "a key or account of Twilio"],
  [/^sq0(?:atp|csp|idp)-[\w-]+$|^EAAAE[\w-]{50,}$/, "a key of Square"],
  [/^PMAK-[\w-]+$/, "an API key of Postman"],
  [/^NR(?:AK|II|JS|RA)-\w+$/, "a key of New Relic"],
  [/^(?:r8|gsk|xai|pplx)[_-]\w{20,}$/, "an API key of a model's host"],
  [
    /^glc_eyJ[\w+/=-]+$|^eyJrIjoi[\w+/=-]+$/,
    "an API key of Grafana: base64 of JSON, without a signature",
    "See what is in it with: base64 -d, after the prefix is taken off",
  ],
  [/^sntry[su]_[\w+/=.-]+$/, "an auth token of Sentry: base64 of JSON, with a checksum"],
  [/^ops_eyJ[\w+/=-]+$/, "a service account's token of 1Password: base64 of JSON, with keys in it"],
  [/^AGE-SECRET-KEY-1[A-Z0-9]+$/, "a secret key of age"],
  [
    /^k[1-4]\.(?:local|public|secret|lid|pid|sid|seal|local-wrap|local-pw|secret-wrap|secret-pw)\.[\w.-]+$/,
    "a key of PASETO in its text form (PASERK)",
  ],
];

/** A token or key that is known by its mark and has nothing to read. */
export function recogniseOpaque(text: string): Recognition | undefined {
  for (const [form, whose, hint] of TOKENS()) {
    if (form.test(text))
      return {
        what: `a token of ${whose}: it is opaque, there is nothing in it to read`,
        hints: hint === undefined ? [ONLY_ITS_ISSUER] : [hint],
      };
  }
  for (const [form, what, hint] of KEYS()) {
    if (form.test(text)) return { what: `${what}, not a JWT`, hints: [hint ?? IT_IS_A_SECRET] };
  }
  return undefined;
}
