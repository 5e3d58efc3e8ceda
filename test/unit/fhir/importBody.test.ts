import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importBody, type ImportRequest } from '../../../src/fhir/importBody.ts';

interface Part {
  readonly name: string;
  readonly valueString?: string;
  readonly valueUri?: string;
  readonly valueBoolean?: boolean;
  readonly valueInteger?: number;
  readonly part?: readonly Part[];
}

const request = fc.record<ImportRequest>(
  {
    files: fc.uniqueArray(
      fc.record({ type: fc.constantFrom('Patient', 'Observation'), url: fc.webUrl(), etag: fc.string() }),
      {
        selector: ({ url }) => url,
        minLength: 1,
        maxLength: 20,
      },
    ),
    errorContainer: fc.string(),
    allowNegativeVersions: fc.boolean(),
    processingUnitBytesToRead: fc.nat(),
  },
  { requiredKeys: ['files', 'errorContainer', 'allowNegativeVersions'] },
);

describe('The body of an import', () => {
  it('holds every file with type, address and ETag, and every flag, whatever their text', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const body = JSON.parse(importBody(asked)) as { resourceType: string; parameter: readonly Part[] };
        const named = (name: string) => body.parameter.filter((one) => one.name === name);
        assert.equal(body.resourceType, 'Parameters');
        assert.deepEqual(
          named('input').map(({ part }) => part?.map(({ valueString, valueUri }) => valueString ?? valueUri)),
          asked.files.map(({ type, url, etag }) => [type, url, etag]),
        );
        assert.equal(named('errorContainerName')[0]?.valueString, asked.errorContainer);
        assert.equal(named('allowNegativeVersions')[0]?.valueBoolean, asked.allowNegativeVersions);
        assert.equal(named('processingUnitBytesToRead')[0]?.valueInteger, asked.processingUnitBytesToRead);
        assert.equal(named('mode')[0]?.valueString, 'IncrementalLoad');
      }),
    );
  });

  it('is the same text for the same request, and another for another ETag', () => {
    fc.assert(
      fc.property(request, (asked) => {
        assert.equal(importBody(asked), importBody(structuredClone(asked)));
        const [first, ...others] = asked.files;
        assert.ok(first);
        assert.notEqual(
          importBody(asked),
          importBody({ ...asked, files: [{ ...first, etag: `${first.etag}x` }, ...others] }),
        );
      }),
    );
  });
});
