import type { JobFault } from '../contract.ts';

interface Armed {
  readonly fault: JobFault;
  toSkip: number;
  left: number;
}

/** The faults that await server jobs, for all services of a sandbox. */
export class JobFaults {
  #armed: Armed[] = [];

  /** Throws RangeError for a fault that would never strike. */
  add(fault: JobFault): void {
    if (!(fault.count > 0)) throw new RangeError('A fault strikes at least one job.');
    this.#armed.push({ fault, toSkip: fault.skip ?? 0, left: fault.count });
  }

  /** The fault of the next job of a service, used up by asking. The first that was added and is due strikes alone. */
  take(service: string, operation: JobFault['operation']): JobFault['effect'] | undefined {
    let striking: JobFault['effect'] | undefined;
    for (const armed of this.#armed) {
      if (armed.fault.operation !== operation || !['*', service].includes(armed.fault.service)) continue;
      if (armed.toSkip > 0) {
        armed.toSkip -= 1;
      } else if (striking === undefined) {
        armed.left -= 1;
        striking = armed.fault.effect;
      }
    }
    this.#armed = this.#armed.filter((armed) => armed.left > 0);
    return striking;
  }

  clear(): void {
    this.#armed = [];
  }
}
