import assert from 'node:assert/strict';
import fc from 'fast-check';
import manifest from '../../../package.json' with { type: 'json' };
import {
  actions,
  packWindow,
  parseHostMessage,
  parseViewMessage,
  unpackWindow,
  windowStates,
  type WindowRow,
} from '../../../webview/protocol.ts';
import { init, patch, snapshot } from './messages.ts';

const instant = fc.double({ noNaN: true, noDefaultInfinity: true, min: -8e15, max: 8e15 });
const amount = fc.nat();
const rows: fc.Arbitrary<WindowRow> = fc.record(
  {
    id: fc.string(),
    kind: fc.constantFrom('backlog', 'catchUp'),
    since: fc.option(instant, { nil: undefined }),
    till: instant,
    state: fc.constantFrom(...windowStates),
    attempts: amount,
    expected: fc.option(amount, { nil: undefined }),
    exported: amount,
    imported: amount,
    alreadyThere: amount,
    failed: amount,
    startedAt: fc.option(instant, { nil: undefined }),
    endedAt: fc.option(instant, { nil: undefined }),
  },
  { noNullPrototype: true },
);

/** Every path to a value inside a message. */
function paths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const fields = copy as Record<string, unknown>;
  fields[key] = replaced(fields[key], rest, by);
  return copy;
}

describe('the protocol of the panel', () => {
  it('reads what the host sends, through JSON as it travels', () => {
    for (const message of [
      init(),
      snapshot(),
      patch({ removed: ['w0001'] }),
      { type: 'gone', version: 1, reason: 'It was removed.' },
      { type: 'answer', version: 1, id: 3, detail: { files: 2 } },
    ]) {
      assert.deepEqual(parseHostMessage(JSON.parse(JSON.stringify(message))), JSON.parse(JSON.stringify(message)));
    }
  });

  it('reads what the page sends', () => {
    for (const message of [
      { type: 'ready', version: 1 },
      { type: 'action', version: 1, action: 'pause' },
      { type: 'action', version: 1, action: 'showFailure', about: { window: 'w0001' } },
      { type: 'openLink', version: 1, href: 'https://example.org' },
      { type: 'saveView', version: 1, view: { tab: 'types', filter: 'attention' } },
      { type: 'ask', version: 1, id: 1, window: 'w0001' },
    ]) {
      assert.deepEqual(parseViewMessage(message), message);
    }
  });

  it('drops messages of another version, and of the other direction', () => {
    assert.equal(parseHostMessage({ ...init(), version: 2 }), undefined);
    assert.equal(parseViewMessage({ type: 'ready', version: 0 }), undefined);
    assert.equal(parseViewMessage(init()), undefined);
    assert.equal(parseHostMessage({ type: 'ready', version: 1 }), undefined);
  });

  it('knows no action that it does not name', () => {
    assert.equal(parseViewMessage({ type: 'action', version: 1, action: 'deleteEverything' }), undefined);
  });

  it('gives undefined for anything at all that is no message, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withDate: true }),
        (anything) => {
          assert.equal(parseHostMessage(anything), undefined);
          assert.equal(parseViewMessage(anything), undefined);
        },
      ),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('init', 'snapshot', 'patch', 'gone', 'answer', 'action'),
        (body, type) => {
          const message = Object.assign(Object(body) as object, { type, version: 1 });
          assert.doesNotThrow(() => [parseHostMessage(message), parseViewMessage(message)]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('drops a snapshot of which any one value has the wrong type', () => {
    const whole = JSON.parse(JSON.stringify(snapshot())) as unknown;
    for (const path of paths(whole)) {
      assert.equal(parseHostMessage(replaced(whole, path, { not: 'this' })), undefined, path.join('.'));
    }
  });

  it('asks only for what is a command, under its own name or the one that its host knows', () => {
    const others: Readonly<Record<string, string>> = {
      openLog: 'showLog',
      openMigrations: 'migrations.focus',
      failedLines: 'showFailedLines',
      acceptLines: 'acceptFailedLines',
      showFailure: 'showProblem',
    };
    // The editor itself brings every view into focus.
    const views = Object.values(manifest.contributes.views).flat();
    const known = new Set([
      ...manifest.contributes.commands.map(({ command }) => command),
      ...views.map(({ id }) => `${id}.focus`),
    ]);
    for (const action of actions) assert.ok(known.has(`fhirMigration.${others[action] ?? action}`), action);
  });

  it('survives getters that throw', () => {
    const trap = Object.defineProperty({ version: 1 }, 'type', {
      get: () => {
        throw new Error('no');
      },
    });
    assert.equal(parseHostMessage(trap), undefined);
    assert.equal(parseViewMessage(trap), undefined);
  });

  it('packs a window and unpacks the same window', () => {
    fc.assert(fc.property(rows, (row) => assert.deepEqual(unpackWindow(packWindow(row)), row)));
  });

  it('carries a packed window unchanged through JSON and its schema', () => {
    fc.assert(
      fc.property(fc.array(rows), (list) => {
        const sent = JSON.parse(JSON.stringify(patch({ windows: list.map(packWindow) }))) as unknown;
        const read = parseHostMessage(sent);
        assert.ok(read?.type === 'patch');
        // JSON knows no negative zero.
        const plain = (row: WindowRow): unknown => JSON.parse(JSON.stringify(row));
        assert.deepEqual(read.windows?.map(unpackWindow).map(plain), list.map(plain));
      }),
    );
  });
});
