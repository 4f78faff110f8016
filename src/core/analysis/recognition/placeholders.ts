import { type Recognition, shortQuote } from "./recognition.ts";

// What programs and people write where a token should stand, because they did not have one.

type Placeholder = readonly [form: RegExp, meaning: string, ...hints: [string, ...string[]]];

/** Longer texts are no word that stands for a token. */
const LONGEST = 300;

const LOOK_WHERE_IT_IS_READ =
  "Look where the token is read: before the login has ended, under another name, or from an environment variable that is not exported";
const TAKE_THE_MEMBER =
  "Take the member that holds the token, as in response.access_token, instead of the object around it";
const FROM_ITS_SOURCE =
  "Take the token from where it was issued or stored: a log or screen that masks it does not have it";
const PUT_ONE_THERE = "Put a real token in its place: it begins with eyJ and has two dots";

/** What a language writes for a variable without a value. */
const NO_VALUE = (): readonly Placeholder[] => [
  [
    /^(undefined|null|none|nil|nan|void)(?:\.\1){1,4}$/i,
    "a word for no value in place of each part of a token",
    "Look at the code that joins the parts with dots: it had none of them",
  ],
  [
    /^<no value>$/,
    "what Go's templates, and those of Helm and Docker, write for a value that is missing",
    LOOK_WHERE_IT_IS_READ,
  ],
  [/^undefined$/i, "JavaScript's word for a variable that was never set", LOOK_WHERE_IT_IS_READ],
  [/^none$/i, "Python's word for no value", LOOK_WHERE_IT_IS_READ],
  [
    /^(?:<nil>|\(nil\)|nil|%!\w?\(<nil>\))$/i,
    "the word of Go, Ruby, Lua or Swift for no value",
    LOOK_WHERE_IT_IS_READ,
  ],
  [/^(?:\(null\)|<null>|\[null\]|null|\\N|dbnull)$/i, "the word for no value", LOOK_WHERE_IT_IS_READ],
  [
    /^(?:Optional\.empty|None\(\)|Option\.None|Nothing|Nil|undef|#undef|unset|void|\[none\]|(?:Optional|Some|Ok|Just|Option|Maybe)\((?:nil|none|null|Nothing|\(\))\)|\(\)|(?:kotlin\.)?Unit|b(?:''|""|'None'|"None")|n\/a|empty|missing|not[ _-]?(?:set|found|available))$/i,
    "a word for no value",
    LOOK_WHERE_IT_IS_READ,
  ],
  [
    /^%!\w?\((?:MISSING|NOVERB|BADINDEX|EXTRA .{0,80}|PANIC=.{0,100})\)?$/,
    "Go's complaint about a missing argument of a format",
    LOOK_WHERE_IT_IS_READ,
  ],
  [
    /^(?:NaN|[+-]?Infinity)$/i,
    "JavaScript's word for a calculation without a result",
    "Look for arithmetic on the token, as in token + 1 or -token",
  ],
  [
    /^(?:true|false)$/i,
    "the answer of a test, not the value that was tested",
    "Look for a comparison or && where the token should be read, as in !!token",
  ],
  [
    /^[+-]?(?:(?![45]\d\d$)\d{1,9}|\d{1,3}(?:\.\d{1,10})?e[+-]?\d{1,3}|0x[0-9a-f]{1,5})$/i,
    "a number",
    "Look where the token is read: perhaps its place in a list, its length or a status was taken",
  ],
];

/** What a language writes when something else than a text is made a text. */
const NO_TEXT = (): readonly Placeholder[] => [
  [
    /^<Buffer(?: [0-9a-f]{2})*(?: \.{3} \d+ more bytes?)?>$/,
    "bytes as Node prints them",
    "Make a text of them first: buffer.toString()",
  ],
  [
    /^(?:\[object (?:Promise|AsyncFunction)\]|Promise ?\{.{0,100}\}|<coroutine object .{0,200}>|System\.Threading\.Tasks\.Task\b.{0,200}|Instance of '(?:_?Future).{0,100}'?|java\.util\.concurrent\.\w*Future@?.{0,100}|(?:_?Future|Promise|Task|CompletableFuture|Mono|Observable)<.{0,100}>|<Promise>|<Task pending.{0,200}|<Future .{0,100}>?)$/,
    "a promise that was made a text before it had a result",
    "Await it before the header is built: const token = await getToken()",
  ],
  [
    /^(?:\[(?:Async)?(?:Generator)?Function.{0,100}\]|(?:async )?function\b.{0,200}|(?:async )?\([\w, ]{0,80}\) ?=>.{0,200}|<(?:bound method|function|built-in (?:function|method)) .{0,200}>|Closure: .{0,200}|#<(?:Method|Proc|UnboundMethod)\b.{0,200}>)$/,
    "a function that was not called",
    "Call it, as in getToken()",
  ],
  [
    /^(?:\[object \w{1,40}\]|Instance of '.{1,100}'?|<[\w.]{1,100} object at 0x[0-9a-f]{1,20}>|#<[\w:]{1,100}(?::0x[0-9a-f]{1,20})?.{0,100}>|\[?L?[a-z]\w*(?:\.\w+){1,10};?@[0-9a-f]{1,16}|System\.\w+(?:\.\w+){0,6}(?:\[\]|`\d.{0,100})?|0x[0-9a-f]{6,16}|\[[A-Z]@[0-9a-f]{1,16}|Array(?:\(\d{0,9}\))?|Object|\[Array\]|\[Object\]|\[Circular[^\]]{0,20}\]|\[native code\]|class \w{1,60}\b.{0,200}|<class '[\w.]{1,100}'>|Symbol\(.{0,60}\)|%[A-Z][\w.]{0,100}\{.{0,100}\}|Err\(.{0,100}\)|\{\}|map\[.{0,200}\]|&\{.{0,200}\}?)$/,
    "an object that was made a text",
    TAKE_THE_MEMBER,
  ],
];

const MASKED = (): readonly Placeholder[] => [
  [/^[*•●·∙▪█x#]{3,}$/i, "what is shown in place of a secret: the token was masked", FROM_ITS_SOURCE],
  [
    /^(?:SecretStr\(.{0,40}\)|[[<({_*]{0,3}\s?(?:redacted|filtered|masked|hidden|secure|secret|protected|sensitive(?: value)?|removed|omitted|scrubbed|obfuscated|secret_hidden|private|snip(?:ped)?|confidential)\s?[\])>}_*]{0,3})$/i,
    "what is shown in place of a secret: the token was masked",
    FROM_ITS_SOURCE,
  ],
  [
    /^(?:bearer\s+)?e[wy][\w.-]{0,60}(?:\*{3,}|[•●█]{3,}|[[<({](?:redacted|masked|hidden|filtered)[\])>}])[\w.*•●█-]{0,200}$/i,
    "a token of which most was masked",
    FROM_ITS_SOURCE,
  ],
];

const ERRORS = (): readonly Placeholder[] => [
  [
    /^(?:(?:error|exception|failed|failure|fatal)\b.{0,250}|(?:http\/\d\S* )?[45]\d\d|(?:(?:http\/\d\S* )?[45]\d\d )?(?:unauthorized|unauthenticated|forbidden|bad request|not found|method not allowed|too many requests|internal server error|bad gateway|service unavailable|gateway time-?out|access denied|permission denied|login required)\b.{0,100}|(?:the |your )?(?:jwt|token|session|signature|login)(?: is| has| was| not)?(?: been| a)? (?:malformed|expired|invalid|revoked|missing|required|not valid|not found|not active|undefined|null)\b.{0,100}|(?:invalid|expired|missing|malformed|no|unknown) (?:access |id |auth |bearer |jwt |session )?(?:token|signature|jwt|credentials|grant|session|authorization header)\b.{0,100}|invalid_(?:token|grant|client|request|scope)|unauthorized_client|access_denied)$/i,
    "the message of an error in place of a token",
    "Read what it says: what should have given the token failed, and its answer was not looked at",
  ],
];

const EXAMPLES = (): readonly Placeholder[] => [
  [
    /^(?:x{3,}\.y{3,}\.z{3,}|a{2,}\.b{2,}\.c{2,}|(?:base64\w*\()?header\)?\.(?:base64\w*\()?(?:payload|claims|body)\)?\.(?:signature|sig|sign)|foo\.bar\.baz|abc\.def\.ghi|part1\.part2\.part3|h\.p\.s|[*x.]{5,}\.[*x.]{5,}\.[*x.]{5,})$/i,
    "an example of how a JWT looks",
    PUT_ONE_THERE,
  ],
  [
    /^[<[({_*"']{0,3}\s?(?:(?:your|my|the|a|some|any|insert|paste|enter|put|add|replace|change|use|copy|dummy|example|sample|fake|test|todo|fixme|valid|invalid|actual|real|new|long)[\s_.-]{0,3}){1,6}(?:(?:with|in|an?|own|the|your|real|actual|access|id|auth|bearer|api|refresh|jwt|json|web|session|personal|oauth2?|secret|user|github|token|tok|key|here|me|it|value|string|placeholder)[\s_.-]{0,3}){0,10}[\])>}_*"'.!]{0,4}$/i,
    "an example's word for a token, not one",
    PUT_ONE_THERE,
  ],
  [
    /^(?:(?:access|id|auth|authorization|bearer|api|refresh|jwt|json ?web|session|oauth2?|user|personal|raw|encoded)[\s_-]?){0,3}(?:token|jwt|jws|tok)(?:[\s_-]?(?:here|value|string|goes here|placeholder))?$/i,
    "the name of a token, not its value",
    "If it is a variable's name, it needs the mark of its language: $TOKEN in a shell, %TOKEN% in cmd.exe, $env:TOKEN in PowerShell",
  ],
  [
    /^(?:string|text|value|placeholder|change-?me|replace-?me|todo|tbd|fixme|foo|bar|foobar|test|example|sample|dummy|lorem ipsum.{0,60}|\.{3,}|…+|-+|_+|\?+)$/i,
    "an example's word for a value, not a token",
    PUT_ONE_THERE,
  ],
];

const SCHEME_ALONE = /^(?:(?:proxy-)?authorization\s*[:=]?\s*)?(bearer|dpop|jwt|token)\s*[:=,+]?\s*$/i;
const HEADER_ALONE = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{1,40}token)\s*[:=]\s*$/i;

/** A word, mask or example that stands where a token should be; undefined for anything else. */
export function recognisePlaceholder(text: string): Recognition | undefined {
  if (text.length > LONGEST) return undefined;
  const scheme = SCHEME_ALONE.exec(text)?.[1];
  if (scheme !== undefined && (scheme.toLowerCase() !== "token" || /^token\s*[:=]/i.test(text)))
    return {
      what: `the scheme ${scheme} with no token behind it: the variable that should hold the token is empty`,
      hints: [LOOK_WHERE_IT_IS_READ],
    };
  if (HEADER_ALONE.test(text))
    return {
      what: "the name of a header without a value: no token was put into it",
      hints: [LOOK_WHERE_IT_IS_READ],
    };
  return (
    word(text, NO_VALUE(), "a program put it where the token should be because it had none") ??
    word(text, NO_TEXT(), undefined) ??
    plain(text, MASKED()) ??
    plain(text, ERRORS()) ??
    word(text, EXAMPLES(), undefined)
  );
}

/** Without what an assignment or a quoted text in it could give away. */
const HARMLESS = /^[^"'=]{1,60}$/;

function word(text: string, forms: readonly Placeholder[], why: string | undefined): Recognition | undefined {
  for (const [form, meaning, ...hints] of forms) {
    if (form.test(text))
      return {
        what: `${kindOf(text)} ${shortQuote(text)}, ${meaning}${why ? `: ${why}` : ""}`,
        hints,
        ...(HARMLESS.test(text) ? { named: text } : {}),
      };
  }
  return undefined;
}

function kindOf(text: string): string {
  return /^[A-Za-z]+$/.test(text) ? "the word" : "the text";
}

function plain(text: string, forms: readonly Placeholder[]): Recognition | undefined {
  for (const [form, meaning, ...hints] of forms) if (form.test(text)) return { what: meaning, hints };
  return undefined;
}
