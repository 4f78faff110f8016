/** Names of claims that hold secrets, in lower case and without hyphens and underscores. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  ...["password", "passwd", "pwd", "passphrase", "passwordhash", "pwdhash", "passwordsalt", "pin", "pincode"],
  ...[
    "secret",
    "clientsecret",
    "apikey",
    "apisecret",
    "apitoken",
    "accesskey",
    "accesstoken",
    "refreshtoken",
  ],
  ...["secretkey", "secretaccesskey", "privatekey", "signingkey", "encryptionkey", "sessionkey", "authtoken"],
  ...["bearertoken", "otpsecret", "totpsecret", "mfasecret", "otp", "recoverycode", "securityanswer"],
  ...["connectionstring", "databaseurl", "dbpassword", "dbpass"],
  ...["creditcard", "creditcardnumber", "cardnumber", "ccnumber", "cvv", "cvc", "cvv2"],
  ...["ssn", "socialsecuritynumber", "nationalid", "nationalinsurancenumber", "taxid", "passportnumber"],
]);

/** Claims of personal data: registered ones (OpenID Connect Core, section 5.1) and common ones. */
const PERSONAL_NAMES: ReadonlyMap<string, string> = new Map([
  ["email", "an e-mail address"],
  ["mail", "an e-mail address"],
  ["phonenumber", "a telephone number"],
  ["phone", "a telephone number"],
  ["address", "a postal address"],
  ["birthdate", "a date of birth"],
  ["dateofbirth", "a date of birth"],
  ["dob", "a date of birth"],
  ["gender", "a gender"],
]);

/** A form of secrets. `beginning` is compared first, which rules most values out quickly. */
type SecretForm = readonly [beginning: string, form: RegExp, what: string];

const SECRET_FORMS: readonly SecretForm[] = [
  ["AKIA", /^AKIA[0-9A-Z]{16}$/, "an AWS access key"],
  ["ASIA", /^ASIA[0-9A-Z]{16}$/, "an AWS access key"],
  ["gh", /^gh[pousr]_[A-Za-z0-9]{36,}$/, "a GitHub token"],
  ["github_pat_", /^github_pat_\w{22,}$/, "a GitHub token"],
  ["glpat-", /^glpat-[\w-]{20,}$/, "a GitLab token"],
  ["sk_", /^sk_(?:live|test)_[A-Za-z0-9]{16,}$/, "a Stripe key"],
  ["rk_", /^rk_(?:live|test)_[A-Za-z0-9]{16,}$/, "a Stripe key"],
  ["xox", /^xox[abeoprs]-[\w-]{10,}$/, "a Slack token"],
  ["AIza", /^AIza[\w-]{35}$/, "a Google API key"],
  ["ya29.", /^ya29\.[\w-]{20,}$/, "a Google access token"],
  ["SG.", /^SG\.[\w-]{16,}\.[\w-]{16,}$/, "a SendGrid key"],
  ["npm_", /^npm_[A-Za-z0-9]{36}$/, "an npm token"],
  ["pypi-", /^pypi-[\w-]{20,}$/, "a PyPI token"],
  ["sk-", /^sk-(?:ant-|proj-)?[\w-]{20,}$/, "an API key"],
  ["hf_", /^hf_[A-Za-z0-9]{30,}$/, "a Hugging Face token"],
  ["jwtctl_rt_", /^jwtctl_rt_\w+$/, "a refresh token"],
  ["eyJ", /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/, "another token"],
  ["$", /^\$(?:2[aby]|argon2(?:id?|d)|scrypt|6|5)\$/, "the hash of a password"],
];

/** Names compare without case, hyphens and underscores. */
function plain(name: string): string {
  const lower = name.toLowerCase();
  for (let index = 0; index < lower.length; index++) {
    const code = lower.charCodeAt(index);
    const isPlain = (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
    if (!isPlain) return lower.replace(/[^a-z0-9]/g, "");
  }
  return lower;
}

const SECRET_ENDINGS = ["password", "passwd", "secret", "privatekey", "apikey"];

/** Whether a claim of this name holds a secret, judged by the name alone. */
export function isSecretName(name: string): boolean {
  const known = plain(name);
  return SECRET_NAMES.has(known) || SECRET_ENDINGS.some((ending) => known.endsWith(ending));
}

/** Names the kind of secret that a value has the form of; undefined for other values. */
export function secretForm(text: string): string | undefined {
  const bare = text.trim();
  for (const [beginning, form, what] of SECRET_FORMS) {
    if (bare.startsWith(beginning) && form.test(bare)) return what;
  }
  if (bare.includes("-----BEGIN ") && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(bare)) return "a private key";
  return bare.includes("://") && /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(bare)
    ? "an address with a password in it"
    : undefined;
}

/** The length of a social security number with its hyphens. */
const SHORTEST_IDENTIFIER = 11;

/** Names the kind of identifying number that a value has the form of; undefined for other values. */
export function identifierForm(text: string): string | undefined {
  const bare = text.trim();
  if (bare.length < SHORTEST_IDENTIFIER) return undefined;
  const first = bare.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) {
    if (isCardNumber(bare)) return "a payment card number";
    return isSocialSecurityNumber(bare) ? "a US social security number" : undefined;
  }
  return isBankAccount(bare) ? "a bank account number (IBAN)" : undefined;
}

/** Names the kind of personal data in a claim, by its name or its form; undefined for other claims. */
export function personalForm(name: string, text: string): string | undefined {
  const known = PERSONAL_NAMES.get(plain(name));
  if (known !== undefined) return known;
  if (text.includes("@") && EMAIL.test(text)) return "an e-mail address";
  return isTelephoneNumber(text) ? "a telephone number" : undefined;
}

/** The international form (E.164): a plus and 8 to 15 digits, with separators between them or without. */
function isTelephoneNumber(text: string): boolean {
  return (
    text.startsWith("+") &&
    /^\+[1-9][\d ().-]{6,22}$/.test(text) &&
    /^\d{8,15}$/.test(text.replace(/\D/g, ""))
  );
}

const EMAIL = /^[^\s@<>"]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/i;

/** Number ranges of card issuers (ISO/IEC 7812): other long numbers pass the check digit by chance. */
const CARD_RANGES =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14})$/;

function isCardNumber(text: string): boolean {
  if (!/^\d{13,19}$|^\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?$|^\d{4}[ -]\d{6}[ -]\d{4,5}$/.test(text))
    return false;
  const digits = text.replace(/\D/g, "");
  return CARD_RANGES.test(digits) && passesLuhn(digits);
}

/** ISO/IEC 7812-1 annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never assigned. */
function isSocialSecurityNumber(text: string): boolean {
  return /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text);
}

/** ISO 13616: the remainder modulo 97 is 1. */
function isBankAccount(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first < 0x41 || first > 0x5a) return false;
  const bare = text.replaceAll(" ", "");
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(bare)) return false;
  let remainder = 0;
  for (const character of bare.slice(4) + bare.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
