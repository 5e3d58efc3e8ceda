/*
 * Text that came from a server is shown as text, never as markup. Each function escapes for one kind of place.
 */

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** For labels, status bar and progress: no icon syntax `$(…)`, no line breaks. */
export function plainLabel(text: string): string {
  return oneLine(text).replaceAll('$(', '$\u200b(');
}

/** For markdown: every character that could start markup, a link or HTML is escaped. */
export function plainMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~>$-]/g, (character) => `\\${character}`)
    .replace(/^(\s*\d+)\./, '$1\\.')
    .replaceAll('://', ':\u200b//');
}

/** For a report that is read as plain text or as markdown: keeps words as they are, without tables, links or HTML. */
export function tableCell(text: string): string {
  return oneLine(text)
    .replace(/[|[\]]/g, (character) => `\\${character}`)
    .replaceAll('<', '&lt;');
}

/** For a file name or a path of a document: letters, digits, dots and dashes. */
export function fileNameOf(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return name === '' ? 'unnamed' : name;
}
