/** Requests of one minute. */
export interface MinuteOfRequests {
  /** Start of the minute, milliseconds since 1970 UTC on the sandbox's clock. */
  readonly minute: number;
  requests: number;
  errors: number;
  latencyMs: number;
}

const minuteMs = 60_000;

/** What the platform metrics of a service are computed from: its requests by minute. */
export class RequestStatistics {
  readonly #services = new Map<string, MinuteOfRequests[]>();

  /** Statuses from 400 on count as errors. */
  add(service: string, at: number, status: number, latencyMs: number): void {
    const minutes = this.#services.get(service) ?? [];
    this.#services.set(service, minutes);
    const minute = Math.floor(at / minuteMs) * minuteMs;
    let last = minutes.at(-1);
    if (last?.minute !== minute) {
      last = { minute, requests: 0, errors: 0, latencyMs: 0 };
      minutes.push(last);
    }
    last.requests += 1;
    last.latencyMs += latencyMs;
    if (status >= 400) last.errors += 1;
  }

  /** Minutes that begin in `[from, till)`, in order. */
  minutes(service: string, from: number, till: number): readonly MinuteOfRequests[] {
    return (this.#services.get(service) ?? []).filter(({ minute }) => minute >= from && minute < till);
  }
}
