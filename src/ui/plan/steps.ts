import { back, type Answer } from '../platform/prompts.ts';

/** Where a step stands, for its title line. */
export interface StepPlace {
  readonly step: number;
  readonly steps: number;
  readonly canGoBack: boolean;
}

/** One question of a flow. Its answer is merged into what was answered so far, and is offered again on the way back. */
export interface Step<Answers> {
  readonly id: string;
  /** False when earlier answers make the question needless. */
  needed?(answers: Answers): boolean;
  ask(answers: Answers, place: StepPlace): Promise<Answer<Partial<Answers>>>;
}

/**
 * Asks the steps in order, with a way back, and returns all answers; undefined when the user left. A step that was
 * passed once keeps its answer when the user goes back and forth.
 */
export async function runSteps<Answers>(
  steps: readonly Step<Answers>[],
  initial: Answers,
): Promise<Answers | undefined> {
  let answers = initial;
  const asked: Step<Answers>[] = [];
  let current = nextStep(steps, answers, undefined);
  while (current !== undefined) {
    const place = placeOf(steps, answers, asked.length);
    const answer = await current.ask(answers, place);
    if (answer === undefined) return undefined;
    if (answer === back) {
      current = asked.pop();
      continue;
    }
    answers = { ...answers, ...answer };
    asked.push(current);
    current = nextStep(steps, answers, current);
  }
  return asked.length === 0 && steps.length > 0 ? undefined : answers;
}

function nextStep<Answers>(
  steps: readonly Step<Answers>[],
  answers: Answers,
  after: Step<Answers> | undefined,
): Step<Answers> | undefined {
  const from = after === undefined ? 0 : steps.indexOf(after) + 1;
  return steps.slice(from).find((step) => step.needed?.(answers) ?? true);
}

function placeOf<Answers>(steps: readonly Step<Answers>[], answers: Answers, asked: number): StepPlace {
  const needed = steps.filter((step) => step.needed?.(answers) ?? true).length;
  return { step: asked + 1, steps: Math.max(needed, asked + 1), canGoBack: asked > 0 };
}
