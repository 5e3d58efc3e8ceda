import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PortfolioEntry } from '../../../src/services/portfolio/contract.ts';
import { portfolioText } from '../../../src/services/portfolio/portfolioTable.ts';
import { standingOf, standings } from '../../../src/services/portfolio/standing.ts';
import { service } from '../cli/fakeServices.ts';

const entry = (change: Partial<PortfolioEntry> = {}): PortfolioEntry => ({
  service: service(),
  facts: { id: 'x', size: { known: true, value: 1_500_000_000 }, retirement: 'exportsOnly' },
  standing: { state: 'finished', role: 'source', migration: 'Night' },
  ...change,
});
const migration = (
  name: string,
  phase: Parameters<typeof standings>[0][number]['phase'],
  createdAt: number,
  rehearsalOf?: string,
) => ({
  name,
  phase,
  createdAt,
  plan: {
    source: { endpoint: 'https://Contoso.azurehealthcareapis.com/' },
    target: { endpoint: 'https://w-new.fhir.azurehealthcareapis.com' },
    ...(rehearsalOf === undefined ? {} : { rehearsalOf }),
  },
});

/** Cells of CSV text as a spreadsheet reads them (RFC 4180). */
function cellsIn(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the standing of a service', () => {
  it('is that of the newest migration that it takes part in; rehearsals do not count', () => {
    const all = standings([
      migration('second', 'complete', 2),
      migration('first', 'backlog', 1),
      migration('try', 'backlog', 3, 'second'),
    ]);
    const source = standingOf(all, 'https://contoso.azurehealthcareapis.com');
    assert.deepEqual(source, { state: 'finished', role: 'source', migration: 'second' });
    assert.equal(standingOf(all, 'https://w-new.fhir.azurehealthcareapis.com/').role, 'target');
    assert.equal(standingOf(all, 'https://else.example').state, 'untouched');
    const stopped = standings([migration('x', 'needsAttention', 1)]);
    assert.equal(standingOf(stopped, 'https://contoso.azurehealthcareapis.com').state, 'stopped');
  });
});

describe('a portfolio as a file', () => {
  it('is a table in Markdown in which names are text', () => {
    const text = portfolioText([entry({ service: service({ name: 'a|b<img>[x](y)' }) })], 'md');
    assert.match(text, /^\| Name \| Product \| Region \| FHIR version \| Size \|/);
    assert.match(
      text,
      /a\\\|b&lt;img>\\\[x\\\]\(y\) \| Azure API for FHIR \| westeurope \| 4\.0 \| 1\.5 GB \| 1500000000/,
    );
    assert.match(text, /answers only metadata and exports \| finished \(source\) \| Night/);
  });

  it('is JSON that says why a size is not known', () => {
    const failure = { kind: 'forbidden' as const, message: 'No.' };
    const text = portfolioText(
      [entry({ facts: { id: 'x', size: { known: false, failure }, retirement: 'none' } })],
      'json',
    );
    const [read] = JSON.parse(text) as Record<string, unknown>[];
    assert.equal(read?.sizeUnknownBecause, 'No.');
    assert.equal('sizeBytes' in read, false);
  });

  it('is CSV in which no cell is a formula and every name is found again', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const [header, row, ...rest] = cellsIn(portfolioText([entry({ service: service({ name }) })], 'csv'));
        assert.equal(rest.length, 0);
        assert.equal(row?.length, header?.length);
        const read = row?.[0] ?? '';
        assert.doesNotMatch(read, /^[=+\-@]/);
        assert.equal(read.replace(/^'(?=[=+\-@\t\r])/, ''), name);
      }),
    );
  });
});
