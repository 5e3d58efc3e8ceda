import assert from 'node:assert/strict';
import { gated } from '../../../src/engine/run/requestGate.ts';
import { changedPlan } from '../../../src/engine/sync/settings.ts';
import type { MigrationPorts } from '../../../src/engine/run/context.ts';
import type { MigrationState } from '../../../src/engine/state/state.ts';
import { scripted } from './simulation/script.ts';

describe('requests at once', () => {
  it('are no more than the plan in force allows, for each service by itself', async () => {
    let { plan } = scripted({ flavour: 'ahds', plan: { limits: { requestsAtOnce: 2 } } });
    const waiting: (() => void)[] = [];
    const running = { source: 0, target: 0 };
    const ask = (service: 'source' | 'target') => async (): Promise<number> => {
      running[service] += 1;
      await new Promise<void>((resolve) => waiting.push(resolve));
      running[service] -= 1;
      return 1;
    };
    const ports = {
      source: { count: ask('source'), exportStatusUrl: (id: string) => `x/${id}` },
      target: { count: ask('target') },
    } as unknown as MigrationPorts;
    const { source, target } = gated(ports, () => ({ plan }) as MigrationState);
    const { signal } = new AbortController();
    const all = Promise.all(
      [1, 2, 3, 4, 5, 6].flatMap(() => [source, target].map((port) => port.count({ of: 'current' }, signal))),
    );
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await turn();
    assert.deepEqual(running, { source: 2, target: 2 });
    assert.equal(source.exportStatusUrl('7'), 'x/7');
    plan = changedPlan(plan, { requestsAtOnce: 3 });
    let most = 0;
    while (waiting.length > 0) {
      waiting.shift()?.();
      await turn();
      most = Math.max(most, running.source, running.target);
    }
    assert.equal((await all).length, 12);
    // More are let through only when somebody asks for more: the six were all asked for before.
    assert.ok(most <= 3);
    const later = [1, 2, 3, 4].map(() => source.count({ of: 'current' }, signal));
    await turn();
    assert.equal(running.source, 3);
    while (waiting.length > 0) {
      waiting.shift()?.();
      await turn();
    }
    await Promise.all(later);
  });
});
