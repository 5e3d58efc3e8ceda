/** A timer that can be set anew while the work goes on. */
export interface Deadline {
  /** Starts counting again with this many milliseconds. */
  arm(ms: number): void;
  readonly passed: boolean;
  clear(): void;
}

/** Calls back once when the time that was armed last has passed. */
export function createDeadline(late: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let passed = false;
  const clear = () => clearTimeout(timer);
  return {
    arm(ms) {
      clear();
      timer = setTimeout(() => {
        passed = true;
        late();
      }, ms);
    },
    get passed() {
      return passed;
    },
    clear,
  };
}
