import type { OldVerb as Verb } from "../old-command.ts";
import { setStatus } from "./set-status.ts";

export const disable: Verb = {
  configure: (command) => command.argument("<name>", "the user's name, in any case"),
  examples: [["jwtctl users disable alice", "alice cannot log in any more, and her logins end"]],
  run: (context, { args }) => setStatus(context, args[0] ?? "", "disabled"),
};
