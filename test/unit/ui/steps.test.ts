import assert from 'node:assert/strict';
import fc from 'fast-check';
import { back, type Answer } from '../../../src/ui/platform/prompts.ts';
import { runSteps, type Step, type StepPlace } from '../../../src/ui/plan/steps.ts';

interface Answers {
  readonly a?: string;
  readonly b?: string;
  readonly c?: string;
}
type Reply = string | typeof back | undefined;

/** Three questions of which the second is asked only when the first was answered with "more". */
function flow(replies: Reply[]): { steps: Step<Answers>[]; asked: string[]; presets: (string | undefined)[] } {
  const asked: string[] = [];
  const presets: (string | undefined)[] = [];
  const step = (id: keyof Answers, needed?: (answers: Answers) => boolean): Step<Answers> => ({
    id,
    ...(needed === undefined ? {} : { needed }),
    ask: (answers, { step: number, steps, canGoBack }: StepPlace): Promise<Answer<Partial<Answers>>> => {
      asked.push(`${id} ${number}/${steps}${canGoBack ? '<' : ''}`);
      presets.push(answers[id]);
      const reply = replies.shift();
      return Promise.resolve(typeof reply === 'string' ? { [id]: reply } : reply);
    },
  });
  return { steps: [step('a'), step('b', ({ a }) => a === 'more'), step('c')], asked, presets };
}

describe('a flow of questions', () => {
  it('asks in order, counts the steps that are needed, and gives all answers', async () => {
    const { steps, asked } = flow(['less', 'end']);
    assert.deepEqual(await runSteps(steps, {}), { a: 'less', c: 'end' });
    assert.deepEqual(asked, ['a 1/2', 'c 2/2<']);
  });

  it('counts a step in as soon as an answer makes it needed', async () => {
    const { steps, asked } = flow(['more', 'x', 'y']);
    assert.deepEqual(await runSteps(steps, {}), { a: 'more', b: 'x', c: 'y' });
    assert.deepEqual(asked, ['a 1/2', 'b 2/3<', 'c 3/3<']);
  });

  it('goes back to the question before and keeps its answer as preset', async () => {
    const { steps, asked, presets } = flow(['more', back, 'less', 'end']);
    assert.deepEqual(await runSteps(steps, {}), { a: 'less', c: 'end' });
    assert.deepEqual(asked, ['a 1/2', 'b 2/3<', 'a 1/3', 'c 2/2<']);
    assert.equal(presets[2], 'more');
  });

  it('gives nothing when the user leaves, or goes back behind the first question', async () => {
    assert.equal(await runSteps(flow(['more', undefined]).steps, {}), undefined);
    assert.equal(await runSteps(flow([back]).steps, {}), undefined);
  });

  it('ends with the last answers given, whatever way the user took', async () => {
    const anyReply = fc.oneof(fc.constantFrom<Reply>('more', 'less', back));
    await fc.assert(
      fc.asyncProperty(fc.array(anyReply, { maxLength: 30 }), async (replies) => {
        const { steps, asked } = flow([...replies, undefined]);
        const answers = await runSteps(steps, {});
        if (answers === undefined) return;
        assert.ok(answers.a !== undefined && answers.c !== undefined);
        assert.match(asked.at(-1) ?? '', /^c/);
        if (answers.a === 'more') assert.ok(answers.b !== undefined);
      }),
    );
  });
});
