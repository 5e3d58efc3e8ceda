import { isDeepStrictEqual } from 'node:util';
import { quoteNumbers } from '../../src/fhir/exactJson.ts';
import { canonicalText } from '../../src/verify/canonical.ts';
import { compareLines } from '../../src/verify/compareLines.ts';
import { generatePatients } from '../sandbox/data/patients/generate.ts';
import { render } from '../sandbox/fhir/resourceText.ts';
import type { Figure } from './figure.ts';

const lines = 60_000;
const repeats = 3;

/** Two exports of which 99 % of the lines are equal, in the order of a server, beside parsing and comparing each line. */
export function compareExports(): readonly Figure[] {
  const left = exported();
  const right = left.map((line, index) =>
    index % 100 === 99 ? line.replace('"meta":{', '"meta":{"source":"other",') : line,
  );
  const changed = left.filter((line, index) => line !== right[index]).length;
  const ours = fastest(() => {
    const { equal, differs } = compareLines(left, right, canonical);
    if (equal + differs.length !== left.length || differs.length !== changed) throw new Error('Compared wrongly.');
  });
  const theirs = fastest(() => {
    let differs = 0;
    for (const [index, line] of left.entries())
      if (!isDeepStrictEqual(JSON.parse(line), JSON.parse(right[index] ?? ''))) differs++;
    if (differs !== changed) throw new Error('Compared wrongly.');
  });
  return [
    {
      name: 'compareExports',
      value: theirs / ours,
      unit: 'times',
      bound: 'atLeast',
      goal: 3,
      against: 'JSON.parse and deep-equal of every line',
    },
  ];
}

const canonical = (line: string): string => canonicalText(JSON.parse(quoteNumbers(line)) as Record<string, unknown>);

/** Lines as a server writes them. */
function exported(): readonly string[] {
  const found: string[] = [];
  for (const version of generatePatients({ count: 100_000 }, Date.UTC(2026, 0, 1))) {
    if (version.deleted) continue;
    found.push(render(version));
    if (found.length === lines) break;
  }
  // Ids repeat with the versions of a resource; an export holds one of them.
  return [...new Map(found.map((line) => [line.slice(0, 80), line])).values()];
}

function fastest(run: () => void): number {
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    run();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
