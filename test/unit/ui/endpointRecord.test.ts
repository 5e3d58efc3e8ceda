import assert from 'node:assert/strict';
import { endpointRecord, type Found, notLookedInto } from '../../../src/ui/applications/endpointRecord.ts';

const [source, target] = [
  { name: 'old | [x](command:y)', endpoint: 'https://old.example' },
  { name: 'new', endpoint: 'https://new.example' },
];
const found = (more: Partial<Found> = {}): Found => ({
  files: 20_000,
  places: [{ file: 'src/<b>app|.json', line: 1234, replacement: 'https://new.example' }],
  tooLarge: [],
  isCut: false,
  ...more,
});

describe('the list of places where an old address stood', () => {
  it('names file, line and new address, and shows names as text', () => {
    const text = endpointRecord(source, target, found());
    assert.match(text, /^# Address of old \\\| \\\[x\\\]\(command:y\) replaced by that of new$/m);
    assert.match(text, /^https:\/\/old\.example → https:\/\/new\.example$/m);
    assert.match(text, /^\| src\/&lt;b>app\\\|\.json \| 1234 +\| https:\/\/new\.example \|$/m);
  });

  it('tells what was not looked into, and nothing where all was', () => {
    assert.deepEqual(notLookedInto(found()), []);
    const tooLarge = ['a.ndjson', 'b', 'c', 'd', 'e', 'f'];
    assert.deepEqual(notLookedInto(found({ tooLarge, isCut: true })), [
      '6 files of more than 16 MB were not looked into: a.ndjson, b, c, d, e, ….',
      'Only 20,000 files were looked at; search smaller folders for the rest.',
    ]);
    assert.match(endpointRecord(source, target, found({ tooLarge })), /6 files of more than 16 MB/);
  });
});
