import assert from 'node:assert/strict';
import { FailureError, toFailure } from '../../../src/failure/failure.ts';

function named(name: string): Error {
  const error = new Error('Gone');
  error.name = name;
  return error;
}

describe('what was thrown, as a failure', () => {
  it('keeps a failure as it is', () => {
    const failure = { kind: 'throttled', message: 'Later.' } as const;
    assert.equal(toFailure(new FailureError(failure)), failure);
  });

  it('takes an abort of the platform and a cancellation of VS Code for one thing', () => {
    for (const name of ['AbortError', 'Canceled']) assert.equal(toFailure(named(name)).kind, 'cancelled');
  });

  it('calls everything else a bug, by its name', () => {
    assert.deepEqual(toFailure(named('RangeError')), { kind: 'bug', message: 'Unexpected RangeError: Gone' });
    assert.deepEqual(toFailure('text'), { kind: 'bug', message: 'Unexpected string: text' });
  });
});
