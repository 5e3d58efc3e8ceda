import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPlan } from '../../../src/services/planReading.ts';

const valid = {
  version: 1,
  name: 'contoso',
  source: { kind: 'azureApiForFhir', name: 'contoso', endpoint: 'https://contoso.azurehealthcareapis.com' },
  target: { kind: 'ahds', name: 'ws/fhir', endpoint: 'https://ws-fhir.fhir.azurehealthcareapis.com' },
  staging: { accountName: 'contosostaging', blobEndpoint: 'https://contosostaging.blob.core.windows.net' },
};
const read = (change: object): ReturnType<typeof readPlan> =>
  readPlan(JSON.stringify({ ...valid, ...change }, null, 2));
const messages = (change: object): string[] => read(change).problems.map(({ message }) => message);

describe('reading a plan file', () => {
  it('fills in every default', () => {
    const { plan, problems } = read({});
    assert.equal(problems.length, 0);
    assert.equal(plan?.staging.container, 'migration');
    assert.equal(plan.scope.softDeleted, true);
    assert.equal(plan.limits.filesPerImport, 10_000);
  });

  it('names an unknown field where it stands', () => {
    const text = JSON.stringify({ ...valid, scpoe: {} }, null, 2);
    const { plan, problems } = readPlan(text);
    assert.equal(plan, undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /Unknown field 'scpoe'/);
    assert.equal(text.slice(problems[0]?.offset, (problems[0]?.offset ?? 0) + (problems[0]?.length ?? 0)), '"scpoe"');
  });

  it('says what is missing and what a value must be', () => {
    assert.deepEqual(messages({ name: undefined }), ["'name' is missing."]);
    assert.deepEqual(messages({ name: 3 }), ["'name' must be a string."]);
    assert.match(messages({ version: 2 })[0] ?? '', /version 1/);
    assert.match(messages({ scope: { since: 'yesterday' } })[0] ?? '', /'since': A date/);
    assert.match(messages({ limits: { importsAtOnce: 9 } })[0] ?? '', /At most 5/);
  });

  it('refuses the same service twice, with any spelling of its address', () => {
    const target = { ...valid.target, endpoint: `${valid.source.endpoint.toUpperCase().replace('HTTPS', 'https')}/` };
    assert.ok(messages({ target }).includes('Source and target are the same service.'));
  });

  it('recognises swapped services', () => {
    const found = messages({ source: valid.target, target: valid.source });
    assert.ok(found.some((message) => message.includes('look swapped')));
  });

  it('refuses a range that ends before it begins, and SearchParameter as data', () => {
    assert.deepEqual(messages({ scope: { since: '2024-02-01', till: '2024-01-01' } }), [
      "'till' must be later than 'since'.",
    ]);
    assert.match(
      messages({ scope: { resourceTypes: ['Patient', 'SearchParameter'] } })[0] ?? '',
      /refuses SearchParameter/,
    );
  });

  it('warns of a lag that cannot be kept, of an end that stands against sync, and of a recovery point that is none', () => {
    const severities = (change: object): string[] => read(change).problems.map(({ severity }) => severity);
    assert.deepEqual(messages({ sync: {} }), []);
    assert.match(messages({ sync: { lagTargetSeconds: 300 } })[0] ?? '', /lag target cannot be kept/);
    assert.match(messages({ sync: {}, scope: { till: '2024-01-01' } })[0] ?? '', /nothing follows/);
    assert.match(messages({ sync: { purpose: 'follow' } })[0] ?? '', /no exact recovery point/);
    assert.deepEqual(severities({ sync: { purpose: 'follow', lagTargetSeconds: 60 } }), ['warning', 'warning']);
  });

  it('refuses addresses that are not plain https', () => {
    for (const endpoint of [
      'http://a.example',
      'https://a.example?x=1',
      'https://u:p@a.example',
      'file:///etc/passwd',
      'a.example',
    ]) {
      assert.equal(read({ source: { ...valid.source, endpoint } }).plan, undefined, endpoint);
    }
  });

  it('gives the place of a syntax error', () => {
    const { plan, problems } = readPlan('{ "version": 1,, }');
    assert.equal(plan, undefined);
    assert.match(problems[0]?.message ?? '', /Not valid JSON/);
    assert.ok((problems[0]?.offset ?? 0) > 0);
  });

  it('never throws and never gives both a plan and an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object().map((extra) => JSON.stringify({ ...valid, ...extra })),
        ),
        (text) => {
          const { plan, problems } = readPlan(text);
          return plan === undefined ? problems.length > 0 : problems.every(({ severity }) => severity === 'warning');
        },
      ),
    );
  });
});
