/** Pages that are asked for while the one before is still being worked on, so that neither waits for the other. */
export async function* ahead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page, void> {
  const iterator = pages[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Page>> => {
    const next = iterator.next();
    // A failure is thrown when its page is due; until then it must not count as unhandled.
    next.catch(() => undefined);
    return next;
  };
  let next = ask();
  try {
    for (;;) {
      const page = await next;
      if (page.done === true) return;
      next = ask();
      yield page.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}
