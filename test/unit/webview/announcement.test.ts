import assert from 'node:assert/strict';
import { announce, problemKey, shareDone, type Announced } from '../../../webview/announcement.ts';
import { formatsFor } from '../../../webview/format.ts';
import type { Sections } from '../../../webview/state.ts';
import { snapshot } from './messages.ts';

const formats = formatsFor('en');

function sections(imported: number, changes: Partial<Sections['head']> = {}): Sections {
  const { head, progress, operations, totals, throughput, attention, notes } = snapshot();
  return {
    head: { ...head, waiting: undefined, ...changes },
    progress: { ...progress, imported, expected: 1_000 },
    operations,
    totals: totals.map((each) => ({ ...each, alreadyThere: 0 })),
    throughput,
    attention,
    notes,
  };
}

/** What is said over a course of states, each with its time. */
function said(...course: readonly (readonly [number, Sections])[]): readonly (string | undefined)[] {
  let last: Announced | undefined;
  return course.map(([now, state]) => {
    const { text, announced } = announce(last, state, now, formats);
    last = announced;
    return text;
  });
}

describe('what a screen reader is told', () => {
  it('is the phase first, with the progress', () => {
    assert.deepEqual(said([0, sections(10)]), ['Moving the backlog. 1 of 2 windows, 10 resources imported.']);
  });

  it('is nothing for small steps in a short time', () => {
    const course = said([0, sections(10)], [1_000, sections(11)], [2_000, sections(50)], [3_000, sections(99)]);
    assert.deepEqual(course.slice(1), [undefined, undefined, undefined]);
  });

  it('is the progress at each tenth', () => {
    assert.equal(said([0, sections(10)], [1_000, sections(100)])[1], '1 of 2 windows, 100 resources imported.');
  });

  it('is the progress after 30 seconds if there was any', () => {
    assert.equal(said([0, sections(10)], [30_000, sections(10)])[1], undefined);
    assert.equal(said([0, sections(10)], [29_999, sections(12)])[1], undefined);
    assert.equal(said([0, sections(10)], [30_000, sections(12)])[1], '1 of 2 windows, 12 resources imported.');
  });

  it('is every change of phase and of the reason to wait at once', () => {
    const course = said(
      [0, sections(10)],
      [1, sections(10, { waiting: 'Throttled until 14:05.' })],
      [2, sections(10, { phase: 'paused' })],
    );
    assert.match(course[1] ?? '', /Throttled until 14:05\./);
    assert.match(course[2] ?? '', /^Paused\./);
  });
});

describe('the share that is done', () => {
  it('goes by resources where they are counted, else by windows, and is whole only at the end', () => {
    assert.equal(shareDone(sections(250)), 0.25);
    const known = sections(250);
    assert.equal(shareDone({ ...known, totals: known.totals.map((each) => ({ ...each, alreadyThere: 50 })) }), 0.3);
    const blind = sections(250);
    assert.equal(shareDone({ ...blind, progress: { ...blind.progress, expected: undefined } }), 0.5);
    assert.equal(
      shareDone({ ...blind, progress: { ...blind.progress, expected: undefined, windowsKnown: 0 } }),
      undefined,
    );
    assert.equal(shareDone(sections(2_000)), 1);
    assert.equal(shareDone(sections(10, { phase: 'complete' })), 1);
  });
});

describe('a problem', () => {
  it('is the same while its subject and message are', () => {
    const failure = { message: 'It failed.', diagnostics: [] };
    const key = problemKey({ about: { window: 'w1' }, failure, actions: [] });
    assert.equal(
      problemKey({ about: { window: 'w1' }, failure: { ...failure, status: 500 }, actions: ['retry'] }),
      key,
    );
    assert.notEqual(problemKey({ about: { window: 'w2' }, failure, actions: [] }), key);
  });
});
