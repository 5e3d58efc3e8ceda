/**
 * Waits until a value is there: asks again until it is neither undefined nor false.
 * @throws Error that names what was waited for, after `limitMs`.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
