/**
 * Keeps a uniform random sample of a stream of unknown length (Vitter's algorithm R).
 * @param random numbers in [0, 1)
 */
export function createSample<T>(
  size: number,
  random: () => number,
): { add(item: T): void; readonly items: readonly T[]; readonly seen: number } {
  const items: T[] = [];
  let seen = 0;
  return {
    items,
    get seen() {
      return seen;
    },
    add(item) {
      seen++;
      if (items.length < size) items.push(item);
      else {
        const place = Math.floor(random() * seen);
        if (place < size) items[place] = item;
      }
    },
  };
}

/**
 * Largest share of differing resources, 0 to 1, that is compatible at 95 % confidence with a random sample of `compared`
 * among which `differing` differ: the upper bound of Clopper and Pearson, found by bisection of the binomial sum.
 */
export function upperShare(compared: number, differing: number): number {
  if (differing >= compared) return 1;
  let low = differing / compared;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(differing, compared, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `k` hits among `n` draws, each a hit with probability `p`. */
function atMost(k: number, n: number, p: number): number {
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let hit = 1; hit <= k; hit++) {
    logTerm += Math.log((n - hit + 1) / hit) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return sum;
}
