import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, setLanguage } from '../../../src/ui/words/format.ts';
import { isMoving, percentDone, progressWords } from '../../../src/ui/words/migrationWords.ts';
import { fileNameOf, plainLabel, plainMarkdown, tableCell } from '../../../src/ui/words/serverText.ts';
import { boxText, failureText, remediesOf, sentence } from '../../../src/ui/feedback/failureWords.ts';
import { failure, overview, windowOf } from './samples.ts';

describe('progress in words', () => {
  it('counts lines that were already there, and what is known only', () => {
    assert.equal(percentDone(overview()), 40);
    const { progress } = overview();
    assert.equal(percentDone(overview({ progress: { ...progress, expected: undefined } })), undefined);
    assert.equal(progressWords(overview({ progress: { ...progress, expected: undefined } })), '1 of 2 windows');
  });

  it('says that windows of a blind migration may still become more', () => {
    const blind = overview({ blind: true, progress: { ...overview().progress, expected: undefined } });
    assert.equal(progressWords(blind), '1 of at least 2 windows');
    assert.equal(progressWords({ ...blind, phase: 'paused' }), '1 of 2 windows');
  });

  it('is 100 percent for a complete migration alone, and never more', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        fc.option(fc.nat(1_000_000), { nil: undefined }),
        fc.constantFrom('backlog' as const, 'catchUp' as const, 'paused' as const, 'complete' as const),
        (imported, alreadyThere, expected, phase) => {
          const windows = [windowOf('w0001', { imported, alreadyThere })];
          const percent = percentDone(overview({ windows, phase, progress: { ...overview().progress, expected } }));
          if (phase === 'complete') assert.equal(percent, 100);
          else assert.ok(percent === undefined || (percent >= 0 && percent <= 99));
        },
      ),
    );
  });

  it('knows which phases move by themselves', () => {
    assert.ok(isMoving('backlog') && isMoving('cancelling') && !isMoving('paused') && !isMoving('needsAttention'));
  });
});

describe('durations', () => {
  it('are said in their two largest units', () => {
    setLanguage('en');
    assert.equal(formatDuration(0), '0 seconds');
    assert.equal(formatDuration(61_000), '1 minute 1 second');
    assert.equal(formatDuration(2 * 86_400_000 + 5_000), '2 days');
    assert.equal(formatDuration(3 * 3_600_000 + 7 * 60_000 + 5_000), '3 hours 7 minutes');
  });
});

describe('text of servers', () => {
  it('starts no icon and no line in a label', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '(', ')', '\n', '\r', '\u2028', 'a', ' ', '\u0000') }),
        (text) => {
          const label = plainLabel(text);
          assert.doesNotMatch(label, /\$\(|[\n\r\u2028\u2029]/);
        },
      ),
    );
    assert.doesNotMatch(plainLabel('$(trash) a\nb'), /\$\(|\n/);
  });

  it('starts no markup in markdown', () => {
    const evil = '<script>x</script> [a](command:b) ![i](https://x/y.png) **b** `c` # d | e https://evil.example';
    const safe = plainMarkdown(evil);
    assert.doesNotMatch(safe, /<|(?<!\\)[[\]`*#|!]|https:\/\//);
  });

  it('cannot break a table', () => {
    assert.doesNotMatch(tableCell('a | b\nc <img> [x](y)'), /(?<!\\)\||\n|<|(?<!\\)\[/);
  });

  it('gives file names that are safe everywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.match(fileNameOf(text), /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/);
      }),
    );
  });
});

describe('a failure in words', () => {
  it('names the service once, repeats the server and ends with the next step', () => {
    const text = failureText(
      failure({ diagnostics: ['Role FHIR Data Exporter is missing'], nextStep: 'Ask for the role' }),
    );
    assert.equal(
      text,
      'contoso: Listing was refused. The server says: Role FHIR Data Exporter is missing. Ask for the role.',
    );
    assert.equal(sentence(failure({ message: 'contoso does not answer' })), 'contoso does not answer.');
  });

  it('fits into a box however much a server says, and keeps the next step', () => {
    const page = 'AADSTS500011 '.repeat(100);
    const long = failure({ message: page, diagnostics: [page.toLowerCase()], nextStep: 'Ask for the role' });
    const text = boxText(long);
    assert.ok(text.length < 700, text);
    assert.match(text, /^contoso: AADSTS.*… The server says: aadsts.*… Ask for the role\.$/);
    assert.ok(failureText(long).length > 2_500);
  });

  it('offers at most three buttons, the remedy first, and none for what the user cancelled', () => {
    assert.deepEqual(
      remediesOf(failure({ kind: 'notSignedIn' })).map(({ id }) => id),
      ['signIn', 'showDetails', 'openLog'],
    );
    assert.deepEqual(remediesOf(failure({ kind: 'cancelled' })), []);
    assert.deepEqual(
      remediesOf(failure({ kind: 'rejected' })).map(({ id }) => id),
      ['showDetails', 'openLog'],
    );
  });
});
