/** Time as the transport sees it; tests pass their own. All values are milliseconds, instants since 1970 UTC. */
export interface HttpClock {
  now(): number;
  /** Resolves after the time, or early, without error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Timers stand still while a machine sleeps: so often the clock on the wall is looked at. */
const lookMs = 10_000;

/** The machine's own clock. A sleep ends when its time is over by the clock on the wall, also when the machine slept. */
export const systemClock: HttpClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const until = systemClock.now() + ms;
      let left = ms;
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const look = () => {
        if (left <= 0 || systemClock.now() >= until) {
          finish();
          return;
        }
        const step = Math.min(left, lookMs);
        left -= step;
        timer = setTimeout(look, step);
      };
      let timer: NodeJS.Timeout | undefined;
      signal.addEventListener('abort', finish, { once: true });
      look();
    }),
};
