import { isMet, type Figure } from './figure.ts';
import { benches } from './registry.ts';

/** Runs the benchmarks named on the command line, or all. Exit code 1 when a goal is missed, 2 for an unknown name. */
async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no benchmark ${unknown.join(', ')}: ${benches.map(({ name }) => name).join(', ')}.\n`,
    );
    return 2;
  }
  let missed = 0;
  for (const bench of benches) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    for (const figure of await bench.run()) {
      if (!isMet(figure)) missed += 1;
      process.stdout.write(`${isJson ? JSON.stringify(figure) : lineOf(figure)}\n`);
    }
  }
  return missed === 0 ? 0 : 1;
}

function lineOf(figure: Figure): string {
  const { name, value, unit, bound, goal, against } = figure;
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  const wanted = `${bound === 'atMost' ? 'at most' : 'at least'} ${goal.toLocaleString('en')}`;
  return `${isMet(figure) ? 'ok    ' : 'MISSED'} ${name.padEnd(34)} ${shown.padStart(10)} ${unit.padEnd(8)} ${wanted.padEnd(20)} (${against})`;
}

process.exitCode = await main(process.argv.slice(2));
