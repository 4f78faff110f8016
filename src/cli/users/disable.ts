import { defineVerb } from "../command.ts";
import { setStatus } from "./set-status.ts";
import { USER } from "./user-options.ts";

export const disable = defineVerb({
  arguments: { name: USER },
  examples: [["jwtctl users disable alice", "alice cannot log in any more, and her logins end"]],
  run: ({ name }, ports) => setStatus(name, "disabled", ports),
});
