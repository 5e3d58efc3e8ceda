import { freshPace, observe, type Pace } from '../pace/pace.ts';
import type { CountingPort, LoadSample } from '../ports.ts';
import type { RunContext } from './context.ts';

type Service = 'source' | 'target';

/**
 * Watches how the services answer, and journals when one of them is to be given a rest. Returns the way to stop. What
 * cannot be journalled is left out: whoever records next meets the same failure.
 */
export function watchLoad(context: RunContext): () => void {
  const paces: Record<Service, Pace> = { source: freshPace, target: freshPace };
  const take = (service: Service, sample: LoadSample): void => {
    const { pace, rest } = observe(paces[service], sample, context.state().plan.options.nice);
    paces[service] = pace;
    if (rest === undefined) return;
    const at = context.clock.now();
    const known = context.state().slowed?.[service];
    // While it rests, a little more rest is no news.
    if (known !== undefined && known.until - at > rest.ms * newsworthy) return;
    const event = { kind: 'slowedDown', at, service, reason: rest.reason, until: Math.round(at + rest.ms) } as const;
    context.record(event).catch(() => undefined);
  };
  const stops = (['source', 'target'] as const).map((service) => {
    const port: CountingPort = context[service];
    return port.watchLoad?.((sample) => take(service, sample));
  });
  return () => {
    for (const stop of stops) stop?.();
  };
}

const newsworthy = 0.5;
