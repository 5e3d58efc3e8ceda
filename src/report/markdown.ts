import type { Block, ReportDocument } from './document.ts';

/** The report as Markdown. Every text stays text: no links, no HTML, no tables of its own. */
export function reportMarkdown({ title, subtitle, verdict, sections }: ReportDocument): string {
  return [
    `# ${plain(title)}`,
    plain(subtitle),
    `**${plain(verdict)}**`,
    ...sections.flatMap((section) => [`## ${plain(section.title)}`, ...section.blocks.map(blockText)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return plain(block.text);
    case 'facts':
      return block.rows.map(([name, value]) => `- ${plain(name)}: ${plain(value)}`).join('\n');
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'chart':
      return plain(block.sentence);
    case 'table': {
      const line = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
      return [
        plain(block.caption),
        '',
        line(block.columns.map((column) => column.title)),
        `| ${block.columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join(' | ')} |`,
        ...block.rows.map(line),
      ].join('\n');
    }
  }
}

/** Text in which nothing is markup; addresses do not become links. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]#|~]/g, (character) => `\\${character}`)
    .replace(/^([-+>]|\d+(?=[.)]))/, '\\$1')
    .replaceAll('://', ':\u200b//');
}
