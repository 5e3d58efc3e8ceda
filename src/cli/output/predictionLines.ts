import type { Prediction } from '../../engine/prediction/prediction.ts';
import { leftOutText, writtenPrediction } from '../../services/prediction/predictionText.ts';
import { table } from './table.ts';

/** A prediction as a table of its variants, what is left out, and what it was computed from. */
export function predictionLines(prediction: Prediction): readonly string[] {
  const { variants } = writtenPrediction(prediction, 0);
  const header = ['', 'pattern', 'history', 'parallel', 'windows', 'duration', 'write freeze', 'staging', 'imported'];
  const more = (['requestUnits', 'throughput', 'cost'] as const).filter((name) => variants.some((one) => name in one));
  const titles = { requestUnits: 'request units', throughput: 'throughput', cost: 'cost' };
  const rows = variants.map((one, index) => [
    prediction.variants[index]?.planned === true ? '*' : ' ',
    one.pattern === 'incremental' ? 'incremental' : 'lift and shift',
    one.history ? 'with' : 'without',
    one.parallel ? 'yes' : 'no',
    one.windows,
    one.duration,
    one.writeFreeze,
    one.staging,
    one.imported,
    ...more.map((name) => one[name]),
  ]);
  return [
    ...(rows.length === 0 ? [] : table([...header, ...more.map((name) => titles[name])], rows)),
    ...(rows.length === 0 ? [] : ['* as the plan says']),
    '',
    'Left out:',
    ...prediction.leftOut.map((one) => `  ${leftOutText(one)}`),
    '',
    ...prediction.basis,
  ];
}
