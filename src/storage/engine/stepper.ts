import { type Actor, NOBODY } from "../../core/authority/audit/entry.ts";
import { stepLog } from "../../core/authority/audit/step-log.ts";
import type { Decision, FactsNeeded } from "../../core/authority/decision.ts";
import type {
  Change,
  Facts,
  Question,
  StepName,
  StoreBackend,
} from "../../core/authority/ports/store-backend.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Stopwatch } from "../../core/base/ports.ts";
import { sha256 } from "../digest.ts";

export interface StepOptions {
  /** Whom the audit log names. */
  readonly actor?: Actor;
  /** Measures waits for other processes, by which what is written is later; without it none is noticed. */
  readonly stopwatch?: Stopwatch;
  /** Told whenever something has been written. */
  readonly changed?: () => void;
}

/** So often somebody else may be quicker before a step gives up. */
const MOST_TRIES = 100;

/** Runs steps on a backend: facts, decision, change; and again when somebody else was quicker. */
export class Stepper {
  readonly #backend: StoreBackend;
  readonly #actor: Actor;
  readonly #stopwatch: Stopwatch;
  readonly #changed: () => void;

  constructor(
    backend: StoreBackend,
    { actor = NOBODY, stopwatch = () => 0, changed = () => undefined }: StepOptions,
  ) {
    this.#backend = backend;
    this.#actor = actor;
    this.#stopwatch = stopwatch;
    this.#changed = changed;
  }

  /**
   * @param asked what time it was when the store was asked, ms
   * @param decide gets the time at which the facts were had: what was waited for them counts
   * @throws AppError `store_*`; `store_busy` when somebody else is quicker every time
   */
  async run<Name extends StepName, Result>(
    name: Name,
    question: Question<Name>,
    asked: number,
    decide: (facts: Facts<Name>, now: number) => Decision<Result, Change<Name>> | FactsNeeded<Question<Name>>,
  ): Promise<Result> {
    const began = this.#stopwatch();
    let asking = question;
    let isChange = false;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const done = await this.#backend.step<Name, Outcome<Result, Question<Name>>>(name, asking, (facts) => {
        const now = asked + Math.floor(this.#stopwatch() - began);
        const decision = decide(facts, now);
        isChange = "change" in decision && decision.change !== undefined;
        return "needs" in decision ? { result: decision, at: now } : this.#decided(decision, now);
      });
      if (done === undefined) continue;
      if (isChange) this.#changed();
      const outcome = done.result;
      if ("result" in outcome) return outcome.result;
      asking = { ...asking, ...outcome.needs };
    }
    throw new AppError("store_busy", "others change the store faster than this command can", {
      hints: ["Try again"],
    });
  }

  #decided<Result, Changed>(decision: Decision<Result, Changed>, now: number) {
    const log = stepLog(decision, { actor: this.#actor, now, sha256 });
    const { result, change } = decision;
    return { result: { result }, at: now, ...(change !== undefined && { change }), ...(log && { log }) };
  }
}

/** What one try comes to. */
type Outcome<Result, Asked> = { readonly result: Result } | FactsNeeded<Asked>;
