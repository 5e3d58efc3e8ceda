import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { FailureError } from '../../../../src/failure/failure.ts';
import { noObservations } from '../../../../src/engine/decide/observations.ts';
import type { JournalEvent } from '../../../../src/engine/events.ts';
import { decodeEvent, encodeEvent } from '../../../../src/engine/journal/eventFormat.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { fold } from '../../../../src/engine/state/apply.ts';

const folder = new URL('../fixtures/', import.meta.url);
const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a value, as the names that lead there. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, item]) => placesIn(item, [...path, name]))];
}

/** A copy with another value at a place. */
function changed(value: Json, path: readonly string[], to: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? changed(item, rest, to) : item));
  return { ...value, [name]: changed(value[name] ?? null, rest, to) };
}

describe('events of a journal that others can write to', () => {
  let journals: readonly (readonly string[])[] = [];
  before(async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
    journals = texts.map((text) => text.split('\n').filter((line) => line !== ''));
    assert.ok(journals.length > 0);
  });

  it('are refused for any field that is missing, of another form, or too many', () => {
    for (const [index, line] of journals.flat().entries()) {
      const event = JSON.parse(line) as Record<string, Json>;
      for (const name of Object.keys(event)) {
        for (const wrong of [{ a: 1 }, [[]], null, 'x'.repeat(30_000)])
          assert.throws(
            () => decodeEvent(JSON.stringify({ ...event, [name]: wrong }), index + 1),
            isJournalFailure,
            `${JSON.stringify(event.kind)}.${name}`,
          );
      }
      const close = line.lastIndexOf('}');
      for (const more of ['"__proto__":{"at":1}', '"extra":1', '"constructor":1'])
        assert.throws(() => decodeEvent(`${line.slice(0, close)},${more}}`, index + 1), isJournalFailure, more);
    }
  });

  it('fold to a state that can be shown, or are refused, whatever is put in any place of them', () => {
    const hostile: readonly Json[] = [null, true, -1, 1e300, 0.5, '', '__proto__', 'constructor', '../..', [], {}];
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom(...hostile), (which, at, where, value) => {
        const lines = journals[which % journals.length] ?? [];
        const index = at % lines.length;
        const event = JSON.parse(lines[index] ?? '') as Json;
        const places = placesIn(event);
        const text = JSON.stringify(changed(event, places[where % places.length] ?? [], value));
        const events: JournalEvent[] = [];
        for (const [number, line] of lines.entries()) {
          try {
            events.push(decodeEvent(number === index ? text : line, number + 1));
          } catch (error) {
            assert.ok(isJournalFailure(error), String(error));
            return;
          }
        }
        const state = fold(undefined, events);
        if (state !== undefined) overview(state, noObservations, Date.UTC(2026, 5, 1));
      }),
      { numRuns: 1_500 },
    );
  });

  it('name what is wrong with them, and nothing of what somebody wrote', () => {
    const started = { v: 1, kind: 'started', at: 1 };
    const say = (event: unknown): string => {
      try {
        decodeEvent(JSON.stringify(event), 7);
        return '';
      } catch (error) {
        return FailureError.is(error) ? error.failure.message : String(error);
      }
    };
    assert.equal(say({ ...started, at: 'now' }), 'Record 7 of the journal, started, has no proper at.');
    assert.equal(say({ ...started, 'Jane Doe': 1 }), 'Record 7 of the journal, started, has a field too many.');
    assert.equal(say({ ...started, kind: 'Jane Doe' }), 'Record 7 of the journal is of an unknown kind.');
  });

  it('that could not be read again are not written', () => {
    const event = { kind: 'importAccepted', at: 1, operation: 'i1', statusUrl: 'http://a', jobId: '1' };
    assert.throws(
      () => encodeEvent(event as unknown as JournalEvent),
      (error) => FailureError.is(error, 'bug'),
    );
  });
});
