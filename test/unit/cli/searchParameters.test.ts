import assert from 'node:assert/strict';
import { foreignReindexCode } from '../../../src/services/searchParameters/contract.ts';
import type { CopiedParameter } from '../../../src/services/searchParameters/copyParameters.ts';
import type { ParameterReadiness } from '../../../src/services/searchParameters/parametersReady.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import { searchParameters } from './fakeServices.ts';
import { run } from './runCommand.ts';

const [source, target] = ['https://a', 'https://b'];
const words = ['copy', 'search-parameters', '--source', source, '--target', target];

const world = (copied: readonly CopiedParameter[], ready: readonly ParameterReadiness[] = []) => {
  const did: string[] = [];
  const services = {
    searchParameters: searchParameters({
      copy: (from, to, choice) => {
        assert.deepEqual([from, to], [source, target]);
        did.push(`copy ${JSON.stringify(choice)}`);
        return Promise.resolve(copied);
      },
      reindex: (to, progress) => {
        assert.equal(to, target);
        did.push('reindex');
        for (const percent of [undefined, 50, 50])
          progress({ jobId: '7', joined: false, percent, types: { Patient: 1200 } });
        return Promise.resolve();
      },
      ready: () => Promise.resolve(ready),
      cancelReindex: (_, job) => Promise.resolve(did.push(`cancel ${job}`) > 0),
    }),
  };
  return { did, services };
};

describe('search parameters on the command line', () => {
  it('copies the chosen ones and tells what became of each', async () => {
    const failure = { kind: 'conflict' as const, message: 'Another definition.' };
    const { did, services } = world([
      { url: 'http://x/a', outcome: 'created' },
      { url: 'http://x/b', outcome: 'failed', failure },
    ]);
    const { code, out, err } = await run(services, [
      ...words,
      '--only',
      'http://x/a,http://x/b',
      '--overwrite',
      'http://x/a',
    ]);
    assert.equal(code, 1);
    assert.match(out, /created +http:\/\/x\/a\nfailed +http:\/\/x\/b/);
    assert.match(err, /Another definition/);
    assert.deepEqual(did, ['copy {"only":["http://x/a","http://x/b"],"overwrite":["http://x/a"]}']);
  });

  it('tells each as soon as it is done, and names what stands in the way of a reindex', async () => {
    const one: CopiedParameter = { url: 'http://x/a', outcome: 'created' };
    const two: CopiedParameter = { url: 'http://x/b', outcome: 'alreadyThere' };
    const services = {
      searchParameters: searchParameters({
        copy: (_from, _to, _choice, _signal, progress) => {
          progress?.(one, 1, 2);
          return Promise.resolve([one, two]);
        },
        reindex: () => {
          const failure = { kind: 'conflict' as const, code: foreignReindexCode, message: 'It runs on b (job 3).' };
          return Promise.reject(new FailureError(failure));
        },
      }),
    };
    const { out } = await run(services, words);
    assert.match(out, /^created +http:\/\/x\/a\nalreadyThere +http:\/\/x\/b\n$/);
    await assert.rejects(run(services, ['reindex', '--target', target]), /job 3/);
  });

  it('reindexes when asked to and something is new, and ends with 0 only when searches use all', async () => {
    const parameter = { url: 'http://x/a', outcome: 'created' as const };
    const enabled = world([parameter], [{ url: 'http://x/a', ready: true, status: 'Enabled' }]);
    assert.equal((await run(enabled.services, [...words, '--reindex'])).code, 0);
    assert.deepEqual(enabled.did, ['copy {}', 'reindex']);
    const waiting = world([parameter], [{ url: 'http://x/a', ready: false, status: 'Supported' }]);
    const { code, out } = await run(waiting.services, [...words, '--reindex']);
    assert.equal(code, 1);
    assert.match(out, /NOT READY +Supported +http:\/\/x\/a/);
    const there = world([{ ...parameter, outcome: 'alreadyThere' }]);
    assert.equal((await run(there.services, [...words, '--reindex'])).code, 0);
    assert.deepEqual(there.did, ['copy {}']);
  });

  it('follows a reindex line by line, or cancels it', async () => {
    const { services, did } = world([]);
    const { code, out } = await run(services, ['reindex', '--target', target]);
    assert.equal(code, 0);
    assert.deepEqual(out.split('\n').slice(0, 3), [
      'Reindex 7 · waiting · 1,200 Patient',
      'Reindex 7 · 50 % · 1,200 Patient',
      'The reindex is complete.',
    ]);
    assert.equal((await run(services, ['reindex', '--target', target, '--cancel', '7'])).code, 0);
    assert.deepEqual(did, ['reindex', 'cancel 7']);
  });

  it('says after Ctrl-C that the job goes on', async () => {
    const services = {
      searchParameters: searchParameters({
        reindex: () => Promise.reject(new FailureError({ kind: 'cancelled', message: 'Interrupted.' })),
      }),
    };
    await assert.rejects(run(services, ['reindex', '--target', target]), /Interrupted/);
  });
});
