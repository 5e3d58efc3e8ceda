import assert from 'node:assert/strict';
import * as v from 'valibot';
import { planSchema } from '../../../src/engine/plan.ts';
import { predict } from '../../../src/engine/prediction/predict.ts';
import { defaultRates } from '../../../src/engine/prediction/rates.ts';
import { exactly } from '../../../src/engine/prediction/estimate.ts';
import { withDeidentification, withRecords } from '../../../src/services/planEditing.ts';
import { readPlan } from '../../../src/services/planReading.ts';
import { durationText, estimateText, writtenPrediction } from '../../../src/services/prediction/predictionText.ts';

const text = `{
  // Reviewed by the team.
  "version": 1,
  "name": "Contoso",
  "source": { "kind": "azureApiForFhir", "name": "contoso", "endpoint": "https://contoso.azurehealthcareapis.com" },
  "target": { "kind": "ahds", "name": "clinical", "endpoint": "https://h-clinical.fhir.azurehealthcareapis.com" },
  "staging": { "accountName": "staging", "blobEndpoint": "https://staging.blob.core.windows.net" },
  "limits": { "windowDays": 7 }
}
`;

describe('records of a plan file', () => {
  const { plan } = readPlan(text);
  assert.ok(plan);
  const prediction = predict({
    plan: { ...plan, prices: { currency: 'EUR', importedMillion: 3 } },
    now: 0,
    current: exactly(1_000_000),
    versions: undefined,
    windows: [500_000, 500_000],
    changesPerHour: 10,
    throughput: 400,
    rates: defaultRates,
    leftOut: [{ what: 'Older versions', resources: 12_345 }],
    basis: ['Counted on contoso.'],
  });

  it('keep predictions in words, beside everything that was there', () => {
    const kept = withRecords(text, { predictions: writtenPrediction(prediction, Date.UTC(2026, 4, 1)) });
    assert.match(kept, /\/\/ Reviewed by the team\./);
    assert.match(kept, /"at": "2026-05-01T00:00:00.000Z"/);
    assert.match(kept, /"Older versions: 12,345"/);
    const reading = readPlan(kept);
    assert.deepEqual(reading.problems, []);
    const { predictions, ...rest } = reading.plan ?? {};
    assert.deepEqual(rest, plan);
    assert.equal(predictions?.variants.length, 8);
    const first = predictions.variants.find(({ pattern }) => pattern === 'liftAndShift');
    assert.equal(first?.windows, '2');
    assert.equal(first.cost, '3 EUR');
    assert.match(first.duration, / to .*, likely /);
    assert.match(first.throughput ?? '', /hours of 100 RU\/s$/);
  });

  it('are replaced, and taken away when they are empty', () => {
    const once = withRecords(text, { accepted: { 'access.audience': 'Known.' } });
    const twice = withRecords(once, { accepted: { 'data.ingress': 'Fine.' } });
    assert.deepEqual(readPlan(twice).plan?.accepted, { 'data.ingress': 'Fine.' });
    assert.equal(withRecords(twice, { accepted: {} }).includes('accepted'), false);
  });

  it('stay as they are, with comments, when a configuration of de-identification is named', () => {
    const commented = text.replace('{', '{ // reviewed by the owner of the data');
    const named = withDeidentification(commented, { config: 'rules.json', etag: '0x8D' });
    assert.deepEqual(readPlan(named).plan?.scope.deidentified, { config: 'rules.json', etag: '0x8D' });
    assert.match(named, /reviewed by the owner of the data/);
    const other = withDeidentification(named, { config: 'other.json', etag: '0x8E' });
    assert.deepEqual(readPlan(other).plan?.scope.deidentified, { config: 'other.json', etag: '0x8E' });
  });

  it('are valid whatever is not known', () => {
    const none = predict({
      plan,
      now: 0,
      current: undefined,
      versions: undefined,
      windows: undefined,
      changesPerHour: undefined,
      throughput: undefined,
      rates: defaultRates,
      leftOut: [],
      basis: ['x'.repeat(900)],
    });
    const predictions = writtenPrediction(none, 0);
    assert.ok(v.is(planSchema, { ...plan, predictions }));
    assert.equal(predictions.variants[0]?.duration, 'not known');
  });
});

describe('figures in words', () => {
  it('are durations in their two largest units', () => {
    const texts = [20_000, 59_700, 90 * 60_000, 3_600_000, 26 * 3_600_000, 48 * 3_600_000].map(durationText);
    assert.deepEqual(texts, ['20 s', '1 min', '1 h 30 min', '1 h', '1 d 2 h', '2 d']);
  });

  it('are one value where they read alike', () => {
    assert.equal(
      estimateText({ least: 1.1, likely: 1.2, most: 1.3 }, (value) => value.toFixed(0)),
      '1',
    );
    assert.equal(estimateText({ least: 1, likely: 2, most: 3 }, String), '1 to 3, likely 2');
  });
});
