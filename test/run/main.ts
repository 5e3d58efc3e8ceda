/*
 * Runs all tests: `npm test`, or some of them: `npm test -- unit host`. The last line is `N passed, N failed`.
 */
import { availableParallelism } from 'node:os';

import type { Outcome } from './outcome.ts';
import { runStage } from './runStage.ts';
import { stageGroups } from './stages.ts';
import type { Stage } from './stages.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stageGroups.flat().some((stage) => stage.name === name));
if (unknown.length > 0) {
  const names = stageGroups.flat().map((stage) => stage.name);
  console.error(`No such stage: ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const outcomes: Outcome[] = [];
for (const group of stageGroups) {
  const stages = group.filter((stage) => wanted.length === 0 || wanted.includes(stage.name));
  if (stages.length === 1 || availableParallelism() === 1) {
    for (const stage of stages) outcomes.push(await runAloud(stage));
  } else {
    outcomes.push(...(await Promise.all(stages.map(runQuietly))));
  }
  if (stop.signal.aborted) break;
}

for (const { stage, failures } of outcomes) {
  if (failures !== '') console.log(`\n── failures of ${stage.name} ──\n${failures}`);
}
console.log('');
for (const { stage, passed, failed, seconds, note } of outcomes) {
  const verdict = failed === 0 ? 'ok    ' : 'FAILED';
  const numbers = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed`;
  console.log(
    `${verdict} ${stage.name.padEnd(10)} ${numbers} ${seconds.toFixed(1).padStart(7)} s${note ? `  ${note}` : ''}`,
  );
}
const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + pick(each), 0);
const failed = sum((outcome) => outcome.failed);
if (stop.signal.aborted) console.log('Interrupted.');
console.log(`\n${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
process.exitCode = failed === 0 && !stop.signal.aborted && outcomes.length > 0 ? 0 : 1;

/** Alone, a stage speaks as it goes. */
async function runAloud(stage: Stage): Promise<Outcome> {
  console.log(`\n── ${stage.name} ──`);
  return await runStage(stage, stop.signal, (line) => console.log(line));
}

/** Beside others, its words are kept together until its end. */
async function runQuietly(stage: Stage): Promise<Outcome> {
  const lines: string[] = [];
  const outcome = await runStage(stage, stop.signal, (line) => void lines.push(line));
  console.log([`\n── ${stage.name} ──`, ...lines].join('\n'));
  return outcome;
}
