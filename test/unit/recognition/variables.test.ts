import { describe, expect, it } from "vitest";
import { refusal, told } from "./refusal.ts";

/** Written in pieces, so that no linter takes them for templates of this file. */
const D = "$";

describe("the name of a variable that nobody replaced is named", () => {
  it.each([
    ["$TOKEN", /"\$TOKEN", the name of a variable, not its value: nothing replaced it\nA shell/],
    [`${D}{TOKEN}`, /the name of a variable/],
    [`${D}{TOKEN:-none}`, /the name of a variable/],
    ["$$TOKEN$$", /the name of a variable/],
    ["$env:TOKEN", /PowerShell/],
    ["%TOKEN%", /cmd\.exe/],
    ["!TOKEN!", /delayed expansion/],
    ["$(cat token.txt)", /a command whose output should stand here/],
    ["$(accessToken)", /Azure Pipelines/],
    ["$[variables.token]", /runtime expression/],
    [`${D}{{ secrets.API_TOKEN }}`, /GitHub Actions/],
    ["{{token}}", /Postman, Insomnia, Bruno/],
    ["{{ access_token }}", /Postman, Insomnia, Bruno/],
    ["{{ _.token }}", /Postman, Insomnia, Bruno/],
    ["{{process.env.TOKEN}}", /Postman, Insomnia, Bruno/],
    ["{{ .Values.auth.token }}", /Go \(Helm/],
    ['{{ env "TOKEN" }}', /template \(Go, Helm/],
    ["{{resolve:secretsmanager:MyToken}}", /CloudFormation/],
    ["{% response 'body', 'req_1', '$.token' %}", /Jinja, Twig, Liquid, Insomnia/],
    ["<%= token %>", /ERB/],
    ["<?= $token ?>", /PHP/],
    ["#{token}", /Ruby/],
    ["#{ApiToken}#", /Azure's token replacement/],
    ["@@API_TOKEN@@", /a build or deployment should have replaced/],
    ["__API_TOKEN__", /a build or deployment should have replaced/],
    ["@TOKEN@", /a build or deployment should have replaced/],
    ["%deploy.api.token%", /TeamCity/],
    ["%TOKEN", /cmd\.exe/],
    ["<< parameters.token >>", /CircleCI/],
    ["$ENV{TOKEN}", /CMake or Perl/],
    ["$TOKEN$", /a mark that a template should have replaced/],
    ["|token|", /a mark that a template should have replaced/],
    ["{{token}", /a bracket too few/],
    ["{token}}", /a bracket too few/],
    ["getToken()", /the call of a function, not its result/],
    ["await client.getAccessToken()", /the call of a function, not its result/],
    [`${D}{pm.environment.get("token")}`, /the call of a function in a template/],
    [`@Value("${D}{app.token}")`, /an annotation of Spring/],
    ["token.value", /the code that reads a value/],
    ["document.cookie", /the code that reads a value/],
    ["undefined.token", /the code that reads a value/],
    ["<token>", /example's word for a token, not one\nPut a real token/],
    ["<JWT>", /example's word/],
    ["[token]", /example's word/],
    [":token", /parameter of a route/],
    ["{token}", /a place in a template, URL or format/],
    ["%s", /a place in a format/],
    ["%(token)s", /a place in a format/],
    [`${D}{env.TOKEN}`, /configuration file/],
    [`${D}{env:TOKEN}`, /configuration file/],
    [`${D}{ssm:/app/token}`, /configuration file/],
    [`${D}{var.api_token}`, /Terraform/],
    ["var.api_token", /Terraform/],
    [`${D}{app.security.token}`, /a property of a configuration/],
    ["((api-token))", /Concourse/],
    ["[[token]]", /template/],
    ["@{variables('token')}", /Logic Apps/],
    ["process.env.TOKEN", /the code that reads a value/],
    ["os.environ['TOKEN']", /the code that reads a value/],
    ['System.getenv("TOKEN")', /the code that reads a value/],
    ["localStorage.getItem('token')", /the code that reads a value/],
    ["response.access_token", /the code that reads a value/],
    ["op://vault/item/token", /1Password/],
    ["vault:secret/data/app#token", /a reference to a secret/],
    ["ref+awssecrets://app/token", /a reference to a secret/],
    ["arn:aws:secretsmanager:eu-west-1:1:secret:app", /secret in AWS/],
    ["projects/1/secrets/token/versions/2", /Google Secret Manager/],
    ["@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/t)", /Key Vault/],
    ["ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]", /an encrypted value of a configuration/],
    ["{cipher}AQB3Yz", /an encrypted value of a configuration/],
    ["$ANSIBLE_VAULT;1.1;AES256\n36633", /an encrypted value of a configuration/],
  ])("%s", (variable, says) => {
    for (const text of [variable, `Bearer ${variable}`, `Authorization: Bearer ${variable}`]) {
      expect([refusal(text).code, told(text)], text).toEqual([
        "token_malformed",
        expect.stringMatching(says),
      ]);
    }
  });

  it.each([
    [
      `curl -H "Authorization: Bearer ${D}TOKEN" https://api.example`,
      /the value of Authorization is "\$TOKEN"/,
    ],
    [
      `curl -H 'Authorization: Bearer ${D}{TOKEN}' https://api.example`,
      /the value of Authorization is "\$\{TOKEN\}"/,
    ],
    ["Bearer ' + token", /the code that joins texts/],
    ['Bearer " . $token', /the code that joins texts/],
    ["GET /x?access_token={{token}}&a=1", /the value of access_token is "\{\{token\}\}"/],
    ['{"headers": {"Authorization": "Bearer {{ jwt }}"}}', /the value of Authorization is "\{\{ jwt \}\}"/],
    [`env:\n  API_TOKEN: ${D}{{ secrets.API_TOKEN }}\n`, /the value of API_TOKEN is .*GitHub Actions/],
    ["auth:\n  token: '{{ .Values.token }}'\n", /the value of token is .*Helm/],
  ])("in its place: %s", (text, says) => {
    expect(told(text)).toMatch(says);
  });

  it("repeats names, never what may be a secret: defaults, arguments of commands", () => {
    for (const text of [
      `${D}{TOKEN:-hunter2-s3cr3t}`,
      "$(login --password hunter2-s3cr3t)",
      "vault:hunter2-s3cr3t",
    ])
      expect(told(text)).not.toContain("hunter2");
    expect(told(`${D}{${"A".repeat(300)}}`)).not.toContain("A".repeat(60));
  });
});
