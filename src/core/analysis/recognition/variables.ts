import { firstForm, type KnownForm, type Recognition, shortQuote } from "./recognition.ts";

// Names of variables, templates and references that nobody replaced by what they stand for.

/** Longer texts are no reference. */
const LONGEST = 500;

const SHELL =
  "A shell replaces it in double quotes only, and only when it is set: check the quotes, and echo the variable";
const REQUEST_TOOL =
  "Check that the environment that defines it is chosen, and that its name is spelt the same there";
const TEMPLATE = "Look at what should have filled in the template before the text was used";
const IN_CODE = "It is code in quotes: without them the program would put the value there";

/** Templates by their marks, the particular before the general. */
const TEMPLATES = (): readonly KnownForm[] => [
  [
    /^\$\{\{.{0,400}\}\}$/,
    "an expression of GitHub Actions or Azure Pipelines",
    "Only a workflow file is expanded, not the scripts it runs: hand the value over with env: and read the variable",
  ],
  [
    /^(?:\$\{)?(?:var|local|data|module|each|path|terraform)\.[\w.[\]"-]{1,200}\}?$/,
    "a reference of Terraform",
    "Terraform replaces it in double quotes and in templatefile() only, not in a file it copies",
  ],
  [
    /^\$\{(?:env|opt|self|ssm|cf|sls|param|file|s3|aws|awsSecret\w*|sys|vault)[:.(].{0,200}\}$/i,
    "a variable of a configuration file (Serverless, VS Code, Jenkins, Maven, Log4j)",
    "Only the tool that reads the file replaces it: check that the file is read by that tool, and the variable is set for it",
  ],
  [
    /^\$\{?env:\w+\}?$/i,
    "a variable of PowerShell",
    "PowerShell replaces it in double quotes only; in bash it is $NAME, in cmd.exe %NAME%",
  ],
  [
    /^\$\{[a-z][\w-]*(?:\.[\w-]+)+(?::.{0,100})?\}$/i,
    "a property of a configuration (Spring, Maven, JavaScript)",
    "Check that the property is defined for the profile in use",
  ],
  [
    /^\$\{\w+(?:(?::?[-=?+]|[#%^,@/]).{0,200})?\}$/,
    "the name of a variable",
    SHELL,
    "In JavaScript it needs back quotes around the text",
  ],
  [
    /^\$\(\(.{0,200}\)\)$|^\$\([\w.:-]+\)$/,
    "a variable of Azure Pipelines, make or Kubernetes, or a command",
    "Azure Pipelines replaces $(NAME) before the script runs, and leaves it as it is when NAME is not defined; secrets have to be mapped with env:",
  ],
  [
    /^\$\(.{1,400}\)$|^`[\w./-]+ .{1,400}`$/,
    "a command whose output should stand here",
    "A shell runs it in double quotes only; in single quotes it stays as it is",
  ],
  [
    /^\$\[.{1,200}\]$/,
    "a runtime expression of Azure Pipelines",
    "It is expanded in variables: and condition: only; use $(NAME) in a script",
  ],
  [
    /^\$\$\w{1,100}\$\$$|^\$!?\{?[a-z]\w*\}?$|^\$\$\{?\w+\}?$|^\$[A-Za-z_]\w*(?:(?:->|\.|\[)[\w.>'"[\]()-]{1,100})?$|^\$\d$|^\$@$/i,
    "the name of a variable",
    SHELL,
  ],
  [
    /^%[A-Za-z][\w-]*(?:\.[\w-]+)+%$/,
    "a parameter of TeamCity, or a property of a configuration",
    "Check that the parameter is defined in this project, and in the place that reads it",
  ],
  [
    /^<<\s?[\w.-]{1,100}\s?>>$/,
    "a parameter of CircleCI, or a template's variable",
    "CircleCI replaces << … >> where the parameter is declared, in its configuration only",
  ],
  [
    /^\$(?:ENV|CACHE)\{\w{1,100}\}$/,
    "a variable of CMake or Perl",
    "CMake replaces it in its own files only, Perl in double quotes only",
  ],
  [/^\$\w{1,100}\$$|^\|\w{1,100}\|$/, "a mark that a template should have replaced", TEMPLATE],
  [
    /^%%?\w+(?:\([\w:=,~-]{1,60}\))?%%?$|^%[A-Za-z_]\w{2,100}$/,
    "the name of a variable of cmd.exe",
    "cmd.exe replaces it only when it is set; in PowerShell it is $env:NAME, in bash $NAME",
  ],
  [/^!\w+!$/, "a variable of cmd.exe with delayed expansion", "It needs: setlocal EnableDelayedExpansion"],
  [
    /^\{\{\s?-?\s*\.(?:Values|Release|Chart|Files|Capabilities|Env|Data|Vars|Secrets?)?\b.{0,200}\}\}$/,
    "a template of Go (Helm, Docker, GoReleaser)",
    "It is replaced when the template is rendered: check with helm template, and that the value is set",
  ],
  [
    /^\{\{\s?-?\s*(?:lookup|env|include|tpl|required|default|printf|quote|secret|with|range|if|key|file)\b.{0,300}\}\}$/,
    "a template (Go, Helm, Ansible, Consul)",
    TEMPLATE,
  ],
  [
    /^\{\{resolve:.{1,300}\}\}$/,
    "a dynamic reference of AWS CloudFormation",
    "CloudFormation replaces it only in the properties of a resource, not in user data or a file",
  ],
  [
    /^\{\{\{?\s?[^{}]{0,300}\}?\}\}$/,
    "a variable of Postman, Insomnia, Bruno or a template (Jinja, Handlebars, Ansible)",
    REQUEST_TOOL,
  ],
  [
    /^\{\{[\w.$ -]{1,100}\}?$|^\{?[\w.$ -]{1,100}\}\}$/,
    "a template's variable with a bracket too few",
    "Write both pairs of brackets, as in {{token}}: with one missing nothing is replaced",
  ],
  [/^\{%.{0,300}%\}$/, "a tag of a template (Jinja, Twig, Liquid, Insomnia)", TEMPLATE],
  [
    /^<[%?](?:[-=#]|php\b)?.{0,300}[-%?]>$/,
    "a template (ERB, EJS, ASP, PHP)",
    "The file was sent as it is instead of being run: check its extension and what serves it",
  ],
  [
    /^#\{.{0,200}\}#?$/,
    "a variable of Octopus Deploy or Azure's token replacement, or of Ruby, CoffeeScript or Spring",
    "Ruby replaces #{…} in double quotes only; a pipeline needs the step that replaces tokens",
  ],
  [
    /^(@@|##|~~|&&|\|\|)[\w.-]+\1$|^__[A-Za-z][\w.-]*__$|^@[A-Za-z][\w.-]*@$|^~[A-Za-z][\w.-]*~$/,
    "a mark that a build or deployment should have replaced",
    "Look for the step that replaces it (replace tokens, sed, envsubst, CMake, Maven): it did not run over this file",
  ],
  [
    /^\(\([\w./:-]+\)\)$/,
    "a variable of Concourse or BOSH",
    "Check that it is in the credential manager, under the path of the team and pipeline",
  ],
  [/^\[\[[^[\]]{1,200}\]\]$/, "a template's variable", TEMPLATE],
  [
    /^@\{.{1,200}\}$|^@(?:body|variables|parameters|outputs|triggerBody|concat)\(.{0,200}\)$/,
    "an expression of Azure Logic Apps or Power Automate",
    "It is evaluated only when it is the whole value, or written as @{…}",
  ],
  [
    /^%\(\w+\)[sdr]$|^%\{[\w.]+\}$|^%[sdvq@]$|^%\d\$s$/,
    "a place in a format that nothing was put into",
    IN_CODE,
  ],
  [
    /^\{\w*(?::[\w<>.^]*)?\}$|^\\\([\w.]+\)$|^&\{\w+\}$|^[*~]\{.{1,100}\}$/,
    "a place in a template, URL or format that nothing was put into",
    IN_CODE,
  ],
  [
    /^:[A-Za-z_]\w*$/,
    "the name of a parameter of a route",
    "Put the token in its place: the route's definition was used as an address",
  ],
];

/** Places for a token in an example. */
const EXAMPLES = (): readonly KnownForm[] => [
  [
    /^<[A-Za-z][\w .:'/-]{0,80}>$/,
    "an example's word for a token, not one",
    "Put a real token in its place, without the angle brackets",
  ],
  [
    /^\[[A-Za-z][\w .:'-]{0,80}\]$/,
    "an example's word for a token, not one",
    "Put a real token in its place, without the brackets",
  ],
];

/** Code that should have been run. */
const CODE = (): readonly KnownForm[] => [
  [
    /^(?:process\.env|import\.meta\.env|os\.environ|System\.getenv|Deno\.env|Bun\.env|ENV|env|getenv|os\.getenv|os\.Getenv|Environment\.GetEnvironmentVariable|config|secrets|vars|steps|needs|inputs|github|localStorage|sessionStorage|document|window|globalThis|token|auth|user|req|request|ctx|context|event|headers|cookies|jwt|args|params|undefined|null|none|pm|bru|insomnia|response|res|data|result|session|this|self|props|state)(?:\.[\w$]+|\[["']?[\w-]+["']?\]|\(["']?[\w.:-]*["']?(?:, ?.{0,40})?\)){1,8};?$/,
    "the code that reads a value, not the value",
    IN_CODE,
  ],
  [
    /^(?:await |yield |new |return )?[A-Za-z_$][\w$]{0,60}(?:(?:\.|->|::)[\w$]{1,60}){0,8}\([^()]{0,100}\);?$/,
    "the call of a function, not its result",
    IN_CODE,
  ],
  [/^\$\{[\w.]{1,100}\([^()]{0,200}\)\}$/, "the call of a function in a template, not its result", IN_CODE],
  [/^@Value\(.{0,200}\)$/, "an annotation of Spring, not the value that it stands for", IN_CODE],
  [
    /^["']?(?:(?:bearer|token|jwt)\s?)?["']\s?[+.&]{1,2}\s?\$?[\w.()]{1,80}(?:\s?[+.&]{1,2}\s?["'])?$|^["'] ?\+ ?[\w.()]{1,80} ?\+ ?["']$/i,
    "the code that joins texts, not the joined text",
    IN_CODE,
  ],
  [
    /^(?:f|\$|r|rb?|b)?"[^"]{0,80}\{[\w.()]+\}[^"]{0,80}"$/,
    "the code that builds a text, not the text",
    IN_CODE,
  ],
];

const FETCH_IT =
  "What should have fetched the secret did not run, or does not look here; fetch it with the tool of the place it names";

/** Where a secret lies, in place of the secret. */
const REFERENCES = (): readonly KnownForm[] => [
  [
    /^op:\/\/[^\s]{1,300}$/,
    "a reference to a secret in 1Password",
    "Resolve it with: op read, or run the command under: op run --",
  ],
  [
    /^(?:vault|ref\+\w+|sm|gcp-?sm|gsm|aws-?ssm|aws-?sm|ssm|akv|azkv|keyring|bws|doppler|keepass\w*|pass|secretsmanager|awssecret|infisical|berglas|file|sops|secret):\/?\/?[^\s]{1,300}$/i,
    "a reference to a secret, not the secret",
    FETCH_IT,
  ],
  [
    /^arn:aws[\w-]*:(?:secretsmanager|ssm|kms):[^\s]{1,300}$/,
    "the name (ARN) of a secret in AWS, not the secret",
    "Fetch it with: aws secretsmanager get-secret-value --secret-id ARN",
  ],
  [
    /^projects\/[^\s/]{1,100}\/secrets\/[^\s]{1,200}$/,
    "the name of a secret in Google Secret Manager, not the secret",
    "Fetch it with: gcloud secrets versions access latest --secret NAME",
  ],
  [
    /^@Microsoft\.KeyVault\(.{0,300}\)$/i,
    "a reference to a secret in Azure Key Vault that was not resolved",
    "Check that the app's managed identity may read the secret; the portal shows the reason beside the setting",
  ],
  [
    /^https:\/\/[\w-]+\.vault\.azure\.net\/secrets\/\S{1,200}$/,
    "the address of a secret in Azure Key Vault, not the secret",
    FETCH_IT,
  ],
  [
    /^!(?:Ref|Sub|GetAtt|ImportValue|Join)\b.{1,300}$/,
    "a function of AWS CloudFormation",
    "It works in a template only, and outside of quotes",
  ],
  [
    /^(?:ENC\[[A-Z0-9_]+,[\s\S]*|ENC\(.{1,400}\)|\{cipher\}.{1,400}|\{vault\w*\}.{1,300}|\$ANSIBLE_VAULT;[\s\S]*|!vault\b[\s\S]*|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----[\s\S]*|age1[a-z0-9]{20,})$/,
    "an encrypted value of a configuration (SOPS, Jasypt, Spring Cloud, Ansible Vault, PGP, age)",
    "Decrypt it with that tool first",
  ],
];

/** The name of a variable, a template, a piece of code or a reference in place of a token. */
export function recogniseVariable(text: string): Recognition | undefined {
  if (text.length > LONGEST && !/^(?:ENC|\{cipher|\$ANSIBLE|!vault|-----BEGIN (?:PGP|AGE))/.test(text))
    return undefined;
  for (const [form, what, ...hints] of TEMPLATES()) {
    if (form.test(text)) return unreplaced(text, what, hints);
  }
  return firstForm(text, EXAMPLES()) ?? firstForm(text, CODE()) ?? firstForm(text, REFERENCES());
}

function unreplaced(text: string, what: string, hints: readonly [string, ...string[]]): Recognition {
  // A default or an argument may be a secret: only names are repeated.
  const isName = /^[^\w\s]{0,4}[\w\s.$[\]]*[^\w\s]{0,4}$/.test(text);
  const told = `${what}, not its value: nothing replaced it`;
  return isName ? { what: `${shortQuote(text)}, ${told}`, hints, named: text } : { what: told, hints };
}
