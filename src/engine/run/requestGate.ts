import pLimit from 'p-limit';
import type { MigrationState } from '../state/state.ts';
import type { MigrationPorts } from './context.ts';

/** Lets only so many requests at once go to each of the two services as the plan in force allows. */
export function gated(ports: MigrationPorts, state: () => MigrationState): MigrationPorts {
  return { ...ports, source: gate(ports.source, state), target: gate(ports.target, state) };
}

/** Every method of a port that asks a service gives a promise; the others only compute something. */
function gate<Port extends object>(port: Port, state: () => MigrationState): Port {
  const limit = pLimit(1);
  return new Proxy(port, {
    get(of, name, receiver) {
      const value: unknown = Reflect.get(of, name, receiver);
      if (typeof value !== 'function' || asksNothing.has(name)) return value;
      return (...args: readonly unknown[]): unknown => {
        const most = state().plan.limits.requestsAtOnce;
        if (limit.concurrency !== most) limit.concurrency = most;
        return limit(() => Reflect.apply(value, of, args) as unknown);
      };
    },
  });
}

const asksNothing: ReadonlySet<string | symbol> = new Set(['exportStatusUrl', 'watchLoad']);
