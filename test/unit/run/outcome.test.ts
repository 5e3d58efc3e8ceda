import assert from 'node:assert/strict';

import { outcomeOf } from '../../run/outcome.ts';
import type { Stage } from '../../run/stages.ts';

const mocha: Stage = { name: 'unit', script: 'test:unit', kind: 'mocha', limitMinutes: 5 };
const check: Stage = { ...mocha, kind: 'check' };
const ended = { exitCode: 0, output: '', seconds: 1, stoppedAtLimit: false };

describe('the totals of a test stage', () => {
  it('are those that mocha prints, colours or not', () => {
    const output =
      '  ✔ said "3 passing"\n\n\u001b[92m \u001b[0m\u001b[32m 12 passing\u001b[0m (1s)\n  2 failing\n\n  1) a';
    const { passed, failed, note, failures } = outcomeOf(mocha, { ...ended, exitCode: 2, output });
    assert.deepEqual({ passed, failed, note }, { passed: 12, failed: 2, note: undefined });
    assert.equal(failures, '  2 failing\n\n  1) a');
  });

  it('have a failure more when the stage broke off after its last passing test', () => {
    const { passed, failed, note } = outcomeOf(mocha, { ...ended, exitCode: 1, output: '  5 passing (2s)\n' });
    assert.deepEqual({ passed, failed, note }, { passed: 5, failed: 1, note: 'ended with exit code 1' });
  });

  it('have a failure when no test ran', () => {
    assert.deepEqual(outcomeOf(mocha, ended).failed, 1);
    assert.deepEqual(outcomeOf(mocha, { ...ended, output: '  0 passing (2ms)\n' }).note, 'no test ran');
  });

  it('have a failure when the stage was stopped at its limit, whatever it printed', () => {
    const { failed, note } = outcomeOf(mocha, { ...ended, output: '  5 passing (2s)\n', stoppedAtLimit: true });
    assert.deepEqual({ failed, note }, { failed: 1, note: 'stopped after 5 minutes' });
  });

  it('are one for a check', () => {
    assert.equal(outcomeOf(check, ended).passed, 1);
    assert.equal(outcomeOf(check, { ...ended, exitCode: null }).failed, 1);
  });
});
