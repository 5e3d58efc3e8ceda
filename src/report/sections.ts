import { sumTotals } from '../engine/totals.ts';
import type { Block, ReportDocument, Section } from './document.ts';
import { chartOf } from './chart.ts';
import { cleanupSection, cutoverSections } from './cutoverSections.ts';
import type { Report } from './report.ts';
import { verdictOf } from './verdict.ts';
import { verificationSections } from './verificationSections.ts';
import { amount, instant, kindWords, phaseWords, span } from './words.ts';

/** The report as people read it. */
export function documentOf(report: Report): ReportDocument {
  const { source, target } = report;
  return {
    title: `Migration report: ${report.name}`,
    subtitle: `${source.name} → ${target.name}, as of ${instant(report.takenAt)}`,
    ...verdictOf(report),
    sections: [
      scopeSection(report),
      timelineSection(report),
      countsSection(report),
      throughputSection(report),
      ...verificationSections(report),
      changesSection(report),
      ...cutoverSections(report),
      cleanupSection(report),
      openSection(report),
      originSection(report),
    ],
  };
}

function scopeSection({ source, target, staging, scope, phase }: Report): Section {
  return {
    id: 'scope',
    title: 'Scope',
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['State', phaseWords(phase)],
          ['Source', `${source.name}, ${kindWords(source.kind)}, ${source.endpoint}`],
          ['Target', `${target.name}, ${kindWords(target.kind)}, ${target.endpoint}`],
          ['Staging', `${staging.account}, container ${staging.container}, ${amount(staging.folders)} folders`],
          ...scope,
        ],
      },
    ],
  };
}

function timelineSection({ timeline, lagMs, watermark, freezeToDoneMs, startedAt, endedAt }: Report): Section {
  const facts: [string, string][] = [];
  if (startedAt !== undefined && endedAt !== undefined) facts.push(['Duration', span(endedAt - startedAt)]);
  if (watermark !== undefined) facts.push(['On the target is every change before', instant(watermark)]);
  if (lagMs !== undefined) facts.push(['Age of the copy', span(lagMs)]);
  if (freezeToDoneMs !== undefined) facts.push(['From the stop of writes to the proof', span(freezeToDoneMs)]);
  return {
    id: 'timeline',
    title: 'Timeline',
    blocks: [
      ...(facts.length === 0 ? [] : [{ kind: 'facts', rows: facts } as const]),
      {
        kind: 'table',
        caption: 'What happened',
        columns: [{ title: 'When' }, { title: 'What' }],
        rows: timeline.map(({ at, what }) => [instant(at), what]),
      },
    ],
  };
}

function countsSection(report: Report): Section {
  const { totals, windows } = report;
  const known = (value: number | undefined): string => (value === undefined ? 'unknown' : amount(value));
  const all = sumTotals(totals);
  const row = (name: string, of: Omit<Report['totals'][number], 'type'>): string[] => [
    name,
    amount(of.exported),
    amount(of.imported),
    amount(of.alreadyThere),
    amount(of.failed),
    amount(of.unaccounted),
    known(of.onSource),
    known(of.onTarget),
  ];
  const titles = ['Exported', 'Imported', 'Already there', 'Failed', 'Unaccounted', 'On source', 'On target'];
  const table: Block = {
    kind: 'table',
    caption: 'Lines by resource type, and what the services counted at the end',
    columns: [{ title: 'Resource type' }, ...titles.map((title) => ({ title, align: 'right' }) as const)],
    rows: [...totals.map((of) => row(of.type, of)), row('All types', all)],
    summed: true,
  };
  const windowsText = `${amount(windows.done)} of ${amount(windows.all)} windows are done${
    windows.needAttention > 0 ? `, ${amount(windows.needAttention)} need attention` : ''
  }${windows.open > 0 ? `, ${amount(windows.open)} are under way or waiting` : ''}.`;
  return {
    id: 'counts',
    title: 'Counts',
    blocks: [
      { kind: 'text', text: windowsText },
      totals.length === 0 ? nothingYet('Nothing was exported yet.') : table,
    ],
  };
}

function throughputSection({ throughput, startedAt }: Report): Section {
  const chart = chartOf(throughput, startedAt);
  return {
    id: 'throughput',
    title: 'Throughput',
    blocks: [
      chart === undefined
        ? nothingYet('Too little was imported for a chart.')
        : {
            kind: 'chart',
            chart,
            sentence: `From ${instant(chart.from)} to ${instant(chart.to)}: ${amount(chart.mean)} resources per second on average, ${amount(chart.peak)} at most.`,
          },
    ],
  };
}

const changeWords = { done: 'holds', unknown: 'not seen to end', failed: 'failed', putBack: 'put back' } as const;

function changesSection({ changes }: Report): Section {
  const block = (): Block => {
    if (changes === undefined) return nothingYet('Unknown: what was changed could not be read.');
    if (changes.length === 0) return nothingYet('Nothing was changed at Azure from here.');
    return {
      kind: 'table',
      caption: 'Changes at Azure, made from here for these two services',
      columns: [{ title: 'When' }, { title: 'What for' }, { title: 'What' }, { title: 'State' }],
      rows: changes.map(({ at, title, lines, state }) => [instant(at), title, lines.join('; '), changeWords[state]]),
    };
  };
  return { id: 'changes', title: 'Configuration changes', blocks: [block()] };
}

function openSection({ attention, notes }: Report): Section {
  const items = attention.map(({ message, nextStep }) => (nextStep === undefined ? message : `${message} ${nextStep}`));
  return {
    id: 'open',
    title: 'Open points and notes',
    blocks: [
      items.length === 0 ? nothingYet('Nothing needs attention.') : { kind: 'list', items },
      ...(notes.length === 0 ? [] : [{ kind: 'list', items: notes } as const]),
    ],
  };
}

function originSection({ journal, product, id, takenAt }: Report): Section {
  const range = journal.first === undefined ? 'none' : `${journal.first} to ${journal.last ?? journal.first}`;
  return {
    id: 'origin',
    title: 'Versions and journal',
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['Made by', product],
          ['Made at', instant(takenAt)],
          ['Migration', id],
          ['Journal', `${amount(journal.records)} records; kept one by one: ${range}`],
          ['Format of the journal', String(journal.format)],
          ['SHA-256 of the plan', journal.planSha256],
          ['SHA-256 of the kept records', journal.sha256 ?? 'unknown: they could not be read'],
        ],
      },
      {
        kind: 'text',
        text: 'The hash is taken over the text of the kept records, each followed by a line feed. This report holds no content and no ids of resources.',
      },
    ],
  };
}

const nothingYet = (text: string): Block => ({ kind: 'text', text });
