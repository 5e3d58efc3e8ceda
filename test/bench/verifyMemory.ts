import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';

/** Peak memory of a process that compares the content of five million resources of one type on two services. */
export async function verifyMemory(): Promise<readonly Figure[]> {
  const file = fileURLToPath(new URL('./verifyPair/memoryRun.ts', import.meta.url));
  // A heap without a limit grows because it may, not because it must; with this one a process that held what it
  // compares would end.
  const child = spawn(process.execPath, ['--max-old-space-size=96', '--max-semi-space-size=8', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The run ended with ${code}.`);
  const { equal, peakBytes } = JSON.parse(text) as { readonly equal: number; readonly peakBytes: number };
  if (equal !== 5_000_000) throw new Error(`${equal} of 5,000,000 are equal.`);
  return [
    {
      name: 'verifyContentMemory',
      value: peakBytes / 1_000_000,
      unit: 'MB',
      bound: 'atMost',
      goal: 200,
      against: 'peak resident memory of the whole process, five million ids',
    },
  ];
}
