import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import { contentSecurityPolicy, panelHtml } from '../../../src/ui/panel/html.ts';
import { PanelFeed } from '../../../src/ui/panel/panelFeed.ts';
import { projectSections, windowDetail } from '../../../src/ui/panel/project.ts';
import { mayOpen, parseSavedPanel } from '../../../src/ui/panel/savedPanel.ts';
import type { MigrationState } from '../../../src/ui/migrations/migrationState.ts';
import {
  packWindow,
  parseHostMessage,
  protocolVersion,
  type HostMessage,
  type PackedWindow,
} from '../../../webview/protocol.ts';
import { initialState, reduce, type PanelState } from '../../../webview/state.ts';
import { failure, overview, state, totals, windowOf } from './samples.ts';
import { ManualTimers } from './manualTimers.ts';

function feedOf(current: () => MigrationState | undefined) {
  const timers = new ManualTimers();
  const posted: HostMessage[] = [];
  const feed = new PanelFeed({
    state: current,
    post: (message) => posted.push(structuredClone(message)),
    timers,
    migrationId: 'm1',
    locale: 'en',
    strings: {},
    view: () => undefined,
    goneReason: () => 'It is gone.',
  });
  return { feed, posted, timers };
}

const types = (posted: readonly HostMessage[]): string[] => posted.map(({ type }) => type);

describe('what the panel is sent', () => {
  it('is its words and a whole snapshot when it is ready', () => {
    const { feed, posted } = feedOf(() => state());
    feed.ready();
    assert.deepEqual(types(posted), ['init', 'snapshot']);
    for (const message of posted) assert.notEqual(parseHostMessage(message), undefined);
  });

  it('is nothing before it is ready, while it is hidden, and when nothing changed', () => {
    const { feed, posted, timers } = feedOf(() => state());
    feed.changed();
    feed.ready();
    timers.pass(1_000);
    feed.changed();
    feed.setVisible(false);
    feed.changed();
    timers.pass(1_000);
    assert.deepEqual(types(posted), ['init', 'snapshot']);
  });

  it('is a whole snapshot again when it was hidden', () => {
    const { feed, posted } = feedOf(() => state());
    feed.ready();
    feed.setVisible(false);
    feed.setVisible(true);
    feed.ready();
    assert.deepEqual(types(posted), ['init', 'snapshot', 'init', 'snapshot']);
  });

  it('is at most four patches a second, and the newest state always arrives', () => {
    let current = state();
    const { feed, posted, timers } = feedOf(() => current);
    feed.ready();
    for (let step = 1; step <= 100; step++) {
      current = state({ progress: { ...overview().progress, imported: step } });
      feed.changed();
      timers.pass(10);
    }
    timers.pass(1_000);
    const patches = posted.filter((message) => message.type === 'patch');
    assert.ok(patches.length <= 6, `${patches.length} patches`);
    assert.equal(patches.at(-1)?.progress?.imported, 100);
  });

  it('holds only what changed', () => {
    let current = state();
    const { feed, posted, timers } = feedOf(() => current);
    feed.ready();
    timers.pass(1_000);
    const [first, second] = overview().windows;
    assert.ok(first && second);
    current = state({ windows: [first, { ...second, imported: 60 }] });
    feed.changed();
    const patch = posted.at(-1);
    assert.ok(patch?.type === 'patch');
    assert.deepEqual(
      patch.windows?.map(([id]) => id),
      ['w0002'],
    );
    assert.deepEqual([patch.head, patch.totals, patch.removed], [undefined, undefined, undefined]);
  });

  it('says once that the migration is gone', () => {
    const { feed, posted, timers } = feedOf(() => undefined);
    feed.ready();
    feed.changed();
    timers.pass(1_000);
    assert.deepEqual(types(posted), ['init', 'gone']);
  });

  it('shows a migration whole that was gone for a while, for example while settings changed', () => {
    let current: MigrationState | undefined = state();
    const { feed, posted, timers } = feedOf(() => current);
    feed.ready();
    current = undefined;
    feed.changed();
    timers.pass(1_000);
    current = state();
    feed.changed();
    timers.pass(1_000);
    assert.deepEqual(types(posted), ['init', 'snapshot', 'gone', 'snapshot']);
  });

  it('answers a question about a window, also one that is gone', () => {
    const { feed, posted } = feedOf(() => state({ windows: [windowOf('w0001', { files: 3, failure: failure() })] }));
    feed.answer(7, 'w0001');
    feed.answer(8, 'w0009');
    assert.deepEqual(
      posted.map((message) => message.type === 'answer' && [message.id, message.detail?.files]),
      [
        [7, 3],
        [8, undefined],
      ],
    );
  });

  it('leaves the page with the same picture as the host, whatever happened in between', () => {
    const anyWindows = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 6 }), imported: fc.nat(9) }), {
      selector: ({ id }) => id,
      maxLength: 6,
    });
    const anyChange = fc
      .record({
        windows: anyWindows,
        imported: fc.nat(9),
        phase: fc.constantFrom('backlog' as const, 'paused' as const),
        patient: fc.nat(3),
      })
      .map(({ windows, imported, phase, patient }): Partial<MigrationOverview> => ({
        phase,
        windows: [...windows]
          .sort((a, b) => a.id - b.id)
          .map((window) => windowOf(`w000${window.id}`, { imported: window.imported, till: window.id * 1_000 })),
        progress: { ...overview().progress, imported },
        totals: { Patient: totals({ imported: patient }) },
      }));
    const anyStep = fc.oneof(
      anyChange.map((change) => ({ kind: 'change' as const, change })),
      fc.constantFrom({ kind: 'hide' as const }, { kind: 'show' as const }, { kind: 'wait' as const }),
    );
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
        let current = state();
        const { feed, posted, timers } = feedOf(() => current);
        let page: PanelState = initialState(undefined);
        const deliver = (): void => {
          for (const raw of posted.splice(0)) {
            const message = parseHostMessage(raw);
            assert.ok(message);
            page = reduce(page, { type: 'message', message, at: timers.now() }).state;
          }
        };
        feed.ready();
        for (const step of steps) {
          if (step.kind === 'change') current = state(step.change);
          if (step.kind === 'hide') feed.setVisible(false);
          if (step.kind === 'show') {
            feed.setVisible(true);
            feed.ready();
          }
          if (step.kind === 'wait') timers.pass(300);
          feed.changed();
          deliver();
        }
        feed.setVisible(true);
        feed.ready();
        feed.changed();
        timers.pass(1_000);
        deliver();
        assert.ok(page.content.kind === 'live');
        assert.equal(page.content.sections.head.phase, current.overview.phase);
        assert.deepEqual(page.content.sections.progress, JSON.parse(JSON.stringify(projectSections(current).progress)));
        assert.deepEqual(
          new Map(page.content.windows.rows.map((row) => [row.id, packWindow(row)])),
          new Map<string, PackedWindow>(current.overview.windows.map((window) => [window.id, packWindow(window)])),
        );
      }),
    );
  });
});

describe('what the panel shows', () => {
  it('keeps texts of servers as texts, whatever is in them', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const attention = [{ about: {}, failure: failure({ message: evil, diagnostics: [evil] }), actions: [] }];
    const sections = projectSections(state({ attention, name: evil }));
    assert.equal(sections.attention[0]?.failure.message, evil);
    assert.equal(sections.head.name, evil);
  });

  it('tells no files of a window that is gone', () => assert.equal(windowDetail(overview(), 'w0009'), undefined));
});

describe('the document of the panel', () => {
  const page = {
    cspSource: 'https://*.vscode-cdn.net',
    nonce: 'abc123',
    script: 'https://x/main.js',
    styles: 'https://x/main.css',
    language: 'en',
    title: '"><script>alert(1)</script>',
  };

  it('allows its own script by nonce and its own styles, and nothing else', () => {
    const policy = contentSecurityPolicy(page);
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-abc123'; style-src https://*.vscode-cdn.net; base-uri 'none'; form-action 'none'",
    );
    assert.doesNotMatch(policy, /unsafe|connect-src|img-src/);
  });

  it('cannot be broken out of by a title', () => {
    assert.equal(panelHtml(page).match(/<script/g)?.length, 1);
  });
});

describe('what is kept of a panel', () => {
  it('is its migration and view, and nothing when it is of another form', () => {
    const view = { tab: 'types', filter: 'all' };
    assert.deepEqual(parseSavedPanel({ version: protocolVersion, migrationId: 'm1', view }), {
      migrationId: 'm1',
      view,
    });
    for (const odd of [undefined, null, 7, {}, { migrationId: 5 }, { migrationId: 'm1', view: { tab: 'x' } }]) {
      assert.equal(parseSavedPanel(odd), undefined);
    }
  });
});

describe('addresses that the panel may open', () => {
  it("are Microsoft's guidance, the portals and the services themselves, over https", () => {
    const own = ['contoso.azurehealthcareapis.com'];
    assert.ok(mayOpen('https://learn.microsoft.com/azure', own));
    assert.ok(mayOpen('https://contoso.azurehealthcareapis.com/metadata', own));
    const refused = [
      'http://learn.microsoft.com',
      'https://evil.example',
      'https://learn.microsoft.com.evil.example',
      'https://user@learn.microsoft.com',
      'command:workbench.action.quit',
      'javascript:alert(1)',
      '',
    ];
    for (const address of refused) assert.equal(mayOpen(address, own), false, address);
  });
});
