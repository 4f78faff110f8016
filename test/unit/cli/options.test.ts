import { describe, expect, it } from "vitest";
import { defineVerb } from "../../../src/cli/command.ts";
import { type DeclaredArguments, type DeclaredOptions, flagOf } from "../../../src/cli/declare.ts";
import { checkOptions, readArguments, readOptions } from "../../../src/cli/read-values.ts";
import { splitLine } from "../../../src/cli/split-line.ts";
import type { AppError } from "../../../src/core/base/errors.ts";

const SEE = "See: the help";

const OPTIONS = {
  out: { value: "file", help: "where to", short: "o", env: "OUT" },
  bits: { value: "number", help: "the size", parse: (text: string) => Number(text) },
  state: { value: "state", help: "which", choices: ["active", "retired"], repeatable: true },
  sort: { value: "by", help: "the order", choices: ["created", "used"], default: "created" },
  all: { help: "all of them", conflicts: ["bits", "ids"], short: "a" },
  jobs: { value: "number", help: "threads", dependsOn: ["all"], hint: "Leave --jobs out" },
  withSessions: { help: "sessions too", oldNames: ["with-logins"] },
  noSave: { help: "save nothing" },
  as: { value: "kind", help: "what it is", choices: ["a", "b", "c"] },
  method: { value: "method", help: "how", onlyWith: { as: ["a", "b"] }, neededWith: { as: ["b"] } },
  plain: { help: "without", notWith: { as: ["c"] }, hint: "Leave --plain out" },
  password: { help: "", hidden: true, refused: { message: "never a password", hints: ["Leave it out"] } },
} as const satisfies DeclaredOptions;

function read(words: readonly string[], env: Record<string, string> = {}, present: readonly string[] = []) {
  const { given } = splitLine(words, OPTIONS, SEE);
  checkOptions(given, OPTIONS, present);
  return readOptions(given, OPTIONS, { env, time: { now: 0, utcOffset: () => 0 }, see: SEE });
}

const refusalOf = (work: () => unknown): Pick<AppError, "code" | "message" | "hints"> => {
  try {
    work();
  } catch (error) {
    const { code, message, hints } = error as AppError;
    return { code, message, hints };
  }
  throw new Error("nothing was refused");
};

const refused = (words: readonly string[], present?: readonly string[]) => {
  const { code, message, hints } = refusalOf(() => read(words, {}, present));
  expect(code).toBe("usage");
  return [message, ...hints];
};

describe("options that depend on the value of another", () => {
  it("go with it, and with no other", () => {
    expect(read(["--as", "a", "--method", "x"]).method).toBe("x");
    expect(read(["--method", "x", "--as", "b"]).method).toBe("x");
    expect(refused(["--method", "x"])).toEqual(["--method goes only with --as a or --as b"]);
    expect(refused(["--as", "c", "--method", "x"])).toEqual(["--method goes only with --as a or --as b"]);
  });

  it("are needed with it", () => {
    expect(refused(["--as", "b"])).toEqual(["--as b needs --method", "Give --method <method>: how"]);
    expect(read(["--as", "a"]).as).toBe("a");
  });

  it("contradict it", () => {
    expect(refused(["--as", "c", "--plain"])).toEqual([
      "--plain and --as c contradict each other",
      "Leave --plain out",
    ]);
    expect(read(["--as", "a", "--plain"]).plain).toBe(true);
  });
});

describe("declared options", () => {
  it("have the values that their declarations say when nothing is given", () => {
    expect(read([])).toEqual({
      out: undefined,
      bits: undefined,
      state: [],
      sort: "created",
      all: false,
      jobs: undefined,
      withSessions: false,
      noSave: false,
      as: undefined,
      method: undefined,
      plain: false,
      password: false,
    });
  });

  it("are read in every spelling that shells users know", () => {
    expect(read(["--out", "a"]).out).toBe("a");
    expect(read(["--out=a=b"]).out).toBe("a=b");
    expect(read(["--out="]).out).toBe("");
    expect(read(["-o", "a"]).out).toBe("a");
    expect(read(["-oa"]).out).toBe("a");
    expect(read(["-ao", "b"])).toMatchObject({ all: true, out: "b" });
    expect(read(["--out", "-"]).out).toBe("-");
    expect(read(["--bits", "-5"]).bits).toBe(-5);
    expect(read(["--with-logins"]).withSessions).toBe(true);
  });

  it("leave operands as they are, behind -- all words", () => {
    expect(splitLine(["a", "--all", "-", "b", "--", "--out", "-x"], OPTIONS, SEE).operands).toEqual([
      "a",
      "-",
      "b",
      "--out",
      "-x",
    ]);
  });

  it("collect what may be repeated", () => {
    expect(read(["--state", "active", "--state=retired"]).state).toEqual(["active", "retired"]);
  });

  it("come from the environment when they are not given, and an empty variable counts for nothing", () => {
    expect(read([], { OUT: "there" }).out).toBe("there");
    expect(read(["--out", "here"], { OUT: "there" }).out).toBe("here");
    expect(read([], { OUT: "" }).out).toBeUndefined();
  });

  it("are refused when they are unknown, without what follows the =", () => {
    expect(refused(["--stat=hunter2"])).toEqual(["unknown option '--stat'", "Did you mean --state?", SEE]);
    expect(refused(["-x"])).toEqual(["unknown option '-x'", SEE]);
    expect(refused(["--__proto__"])).toEqual(["unknown option '--__proto__'", SEE]);
    expect(refused(["--constructor"])).toEqual(["unknown option '--constructor'", SEE]);
  });

  it("propose nothing that is hidden", () => {
    expect(refused(["--passwor"])).toEqual(["unknown option '--passwor'", SEE]);
  });

  it("are refused when a value is missing, not taken, or none of the choices", () => {
    expect(refused(["--out"])).toEqual(["--out <file> needs its value", SEE]);
    expect(refused(["--out", "--all"])).toEqual(["--out <file> needs its value", SEE]);
    expect(refused(["--out", "-a"])).toEqual(["--out <file> needs its value", SEE]);
    expect(refused(["--all=yes"])).toEqual(["--all takes no value", "Say --all alone, or leave it out", SEE]);
    expect(refused(["--state", "gone"])).toEqual([
      '--state cannot be "gone"',
      "Choose from: active, retired",
      SEE,
    ]);
  });

  it("are refused when one with one value is given twice; a flag says the same again", () => {
    expect(refused(["--out", "a", "-ob"])).toEqual(["--out is given twice", "Give it once"]);
    expect(read(["--all", "--all"]).all).toBe(true);
  });

  it("exclude one another in either order, and arguments too", () => {
    expect(refused(["--all", "--bits", "1"])[0]).toBe("--all and --bits contradict each other");
    expect(refused(["--bits", "1", "--all"])[0]).toBe("--bits and --all contradict each other");
    expect(refused(["--all"], ["ids"])[0]).toBe("--all and a value for <ids> contradict each other");
  });

  it("need what they depend on", () => {
    expect(refused(["--jobs", "2"])).toEqual(["--jobs needs --all", "Leave --jobs out"]);
    expect(read(["--jobs", "2", "--all"]).jobs).toBe("2");
  });

  it("can be there only to be refused, with whatever follows", () => {
    for (const words of [["--password=hunter2"], ["--password", "hunter2"]]) {
      expect(refused(words)).toEqual(["never a password", "Leave it out"]);
    }
  });

  it("are called in the code as on the command line", () => {
    expect([flagOf("ifOlderThan"), flagOf("noSave"), flagOf("db")]).toEqual([
      "--if-older-than",
      "--no-save",
      "--db",
    ]);
  });
});

describe("declared arguments", () => {
  const declared = {
    name: { help: "which" },
    values: { help: "what", optional: true, repeatable: true },
  } as const satisfies DeclaredArguments;
  const readings = { env: {}, time: { now: 0, utcOffset: () => 0 }, see: SEE };
  const take = (operands: readonly string[], from: DeclaredArguments, excessHint?: string) =>
    readArguments(operands, { declared: from, excessHint }, "users add", readings);

  it("take operands in their order, the last one all the others", () => {
    expect(take(["a"], declared)).toEqual({ name: "a", values: [] });
    expect(take(["a", "b", "c"], declared)).toEqual({ name: "a", values: ["b", "c"] });
    expect(take([], { name: { help: "", optional: true } })).toEqual({ name: undefined });
  });

  it("are refused when there are too few or too many", () => {
    const refusal = (operands: readonly string[], from: DeclaredArguments, hint?: string) => {
      const { message, hints } = refusalOf(() => take(operands, from, hint));
      return [message, ...hints];
    };
    expect(refusal([], declared)).toEqual(["missing name: jwtctl users add NAME", SEE]);
    expect(refusal(["a"], {}, "Leave it out")).toEqual([
      "users add takes no argument, and 1 was given",
      "Leave it out",
      SEE,
    ]);
  });
});

it("a verb is given what it declares, under the types it declares", async () => {
  const verb = defineVerb({
    arguments: { kid: { help: "which", completes: "kid" } },
    options: OPTIONS,
    examples: [["jwtctl x", "nothing"]],
    async run(chosen) {
      const typed: {
        readonly kid: string;
        readonly bits: number | undefined;
        readonly state: readonly ("active" | "retired")[];
        readonly sort: "created" | "used";
        readonly all: boolean;
      } = chosen;
      expect(typed.kid).toBe("k");
    },
  });
  await verb.run({ kid: "k" }, undefined as never);
  // Everything about it but what it does is plain data.
  expect(JSON.parse(JSON.stringify(verb)).options.out).toEqual({
    value: "file",
    help: "where to",
    short: "o",
    env: "OUT",
  });
});
