import assert from 'node:assert/strict';
import { readHours } from '../../../src/engine/calendar/hoursText.ts';
import type { Calendar } from '../../../src/engine/calendar/calendarSchema.ts';
import { askForCalendar } from '../../../src/ui/plan/calendarQuestions.ts';
import { back } from '../../../src/ui/platform/prompts.ts';
import { ScriptedPrompts, type Line } from '../../host/scriptedPrompts.ts';

function ask(script: Readonly<Record<string, readonly Line[]>>, now?: Calendar) {
  const prompts = new ScriptedPrompts(script);
  return { prompts, answer: askForCalendar(prompts, { id: 'x', title: 'X' }, now, 'Europe/Berlin') };
}

describe('the questions of a calendar', () => {
  it('take hours of one’s own for exports and for imports, in any time zone', async () => {
    const { answer, prompts } = ask({
      'x.calendar': ['At other hours…'],
      'x.exports': ['mon-fri 22:00-05:30, sat-sun'],
      'x.imports': ['20:00-06:00'],
      'x.timeZone': ['America/New_York'],
      'x.running': ['It is cancelled'],
    });
    assert.deepEqual(await answer, {
      timeZone: 'America/New_York',
      exports: readHours('mon-fri 22:00-05:30, sat-sun').periods,
      imports: readHours('20:00-06:00').periods,
      running: 'cancel',
    });
    assert.deepEqual(prompts.unexpected, []);
  });

  it('ask about nothing else where it is at any time', async () => {
    assert.equal(await ask({ 'x.calendar': ['At any time'] }).answer, null);
    const empty = { 'x.calendar': ['At other hours…'], 'x.exports': [''], 'x.imports': [' '] };
    assert.equal(await ask(empty).answer, null);
  });

  it('give the usual hours by the clock of this machine', async () => {
    const script = { 'x.calendar': ['Exports outside office hours'], 'x.running': ['It is left to finish'] };
    const calendar = await ask(script).answer;
    assert.ok(typeof calendar === 'object' && calendar !== null);
    assert.deepEqual(
      [calendar.timeZone, calendar.imports, calendar.running, calendar.exports?.length],
      ['Europe/Berlin', undefined, 'drain', 4],
    );
  });

  it('say which part they do not understand, and refuse a time zone that is none', async () => {
    const own = { 'x.calendar': ['At other hours…'] };
    await assert.rejects(ask({ ...own, 'x.exports': ['at night'] }).answer, /"at night" is neither hours/);
    const zone = { ...own, 'x.exports': ['sat'], 'x.imports': [''], 'x.timeZone': ['+02:00'] };
    await assert.rejects(ask(zone).answer, /A time zone by its IANA name/);
  });

  it('lead back one by one, and out of the first', async () => {
    const { answer, prompts } = ask({
      'x.calendar': ['At other hours…', back],
      'x.exports': ['sat', back],
      'x.imports': [back],
    });
    assert.equal(await answer, back);
    assert.deepEqual(
      prompts.asked.map(({ id }) => id),
      ['x.calendar', 'x.exports', 'x.imports', 'x.exports', 'x.calendar'],
    );
    assert.equal(await ask({ 'x.calendar': [undefined] }).answer, undefined);
  });
});
