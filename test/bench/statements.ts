import deepDiff from 'deep-diff';
import microdiff from 'microdiff';
import { performance } from 'node:perf_hooks';
import { statementDrift } from '../../src/compare/statementDrift.ts';
import { planted } from '../unit/compare/plantedStatements.ts';
import type { Figure } from './figure.ts';

const differences = 49;
const rounds = 15;

/**
 * Comparing two capability statements of 1.3 and 5 MB by meaning, against parsing them; and how many differences two
 * libraries report that compare by position, for the same two statements.
 */
export function statements(): readonly Figure[] {
  return [1, 4].flatMap((copies) => {
    const { source, target, paths } = planted(differences, copies);
    const parse = (): readonly [object, object] => [JSON.parse(source) as object, JSON.parse(target) as object];
    const [a, b] = parse();
    const [parsing = 0, ours = 0] = fastest(parse, () => statementDrift(a, b));
    const found = statementDrift(a, b).map(({ path }) => path.join(' › '));
    const wrong = [...paths.filter((path) => !found.includes(path)), ...found.filter((path) => !paths.includes(path))];
    const size = `${((source.length + target.length) / 2e6).toFixed(1)} MB`;
    const figure = (name: string, value: number, unit: string, goal: number, against: string): Figure => ({
      name: `${name}${copies === 1 ? '' : 'Large'}`,
      value,
      unit,
      bound: 'atMost',
      goal,
      against,
    });
    const apart = `the ${differences} planted in two statements of ${size}`;
    return [
      figure('statementDrift', ours / parsing, 'times', 1.5, `parsing two statements of ${size}`),
      figure('statementDriftWrong', wrong.length, 'drifts', 0, apart),
      ...(copies === 1 ? besides(a, b, figure) : []),
    ];
  });
}

type MakeFigure = (name: string, value: number, unit: string, goal: number, against: string) => Figure;

function besides(a: object, b: object, figure: MakeFigure): readonly Figure[] {
  const micro = microdiff(a, b).length;
  const deep = deepDiff.diff(a, b)?.length ?? 0;
  const works = [() => statementDrift(a, b), () => microdiff(a, b), () => deepDiff.diff(a, b)] as const;
  const [ours = 0, ofMicrodiff = 1, ofDeepDiff = 1] = fastest(...works);
  return [
    figure('statementDriftMicrodiff', ours / ofMicrodiff, 'times', 1, `microdiff, which reports ${micro}`),
    figure('statementDriftDeepDiff', ours / ofDeepDiff, 'times', 1, `deep-diff, which reports ${deep}`),
  ];
}

/** Milliseconds of the shortest run of each, taken in turns: load only adds, and then to all alike. */
function fastest(...works: readonly (() => unknown)[]): readonly number[] {
  const shortest = works.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) {
      const begin = performance.now();
      work();
      shortest[index] = Math.min(shortest[index] ?? Infinity, performance.now() - begin);
    }
  return shortest;
}
