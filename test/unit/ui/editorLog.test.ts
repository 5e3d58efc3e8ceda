import assert from 'node:assert/strict';
import { editorLog } from '../../../src/ui/feedback/editorLog.ts';

function channel(write: (line: string) => void) {
  return { debug: write, info: write, warn: write, error: write };
}

describe('the log in the output channel', () => {
  it('writes one line for each event, whatever a server put into it', () => {
    const lines: string[] = [];
    editorLog(channel((line) => lines.push(line))).info('Answered', {
      text: 'a\r\nb\u2028c',
      count: 2,
      none: undefined,
    });
    assert.deepEqual(lines, ['Answered text=a b c count=2']);
  });

  it('drops lines after the editor has closed the channel, so that a window can let go of what it drives', () => {
    const log = editorLog(
      channel(() => {
        throw new Error('Channel has been closed');
      }),
    );
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('Journal: roundOpened');
  });
});
