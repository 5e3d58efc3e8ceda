/**
 * Tests texts against what the user typed: all words must occur, in any case and order; `*` stands for any characters
 * and `?` for one. An empty filter fits everything.
 */
export function driftFilter(filter: string): (text: string) => boolean {
  const patterns = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      // Neighbouring stars mean the same as one, and would make a regular expression slow.
      const escaped = word
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*+/g, '.*')
        .replaceAll('?', '.');
      return new RegExp(escaped);
    });
  return (text) => {
    const lower = text.toLowerCase();
    return patterns.every((pattern) => pattern.test(lower));
  };
}
