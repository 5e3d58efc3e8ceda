import assert from 'node:assert/strict';
import { hl7Examples } from '../../sandbox/data/hl7Examples.ts';
import { builtInParameters } from '../../sandbox/fhir/parameters/definitions.ts';
import { expressionsFit } from '../../sandbox/fhir/parameters/expressions.ts';
import { appliesTo } from '../../sandbox/fhir/parameters/registry.ts';
import { parsed, type JsonObject } from '../../sandbox/fhir/resourceText.ts';
import { pathOf } from '../../sandbox/fhir/search/criteria.ts';
import { evaluate } from '../../sandbox/fhir/search/evaluate.ts';
import { parsePath, PathError } from '../../sandbox/fhir/search/fhirPath.ts';

const resource: JsonObject = {
  resourceType: 'Observation',
  id: 'o1',
  contained: [{ resourceType: 'Device', id: 'd' }],
  extension: [
    { url: 'x', valueString: 'one' },
    { url: 'y', valueInteger: 2 },
  ],
  subject: { reference: 'Patient/p1' },
  device: { reference: '#d' },
  valueQuantity: { value: 5, unit: 'kg' },
  component: [{ code: { text: 'a' } }, { code: { text: 'b' }, valueString: 's' }],
  active: false,
};

describe('expressions of search parameters', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['Observation.id', ['o1']],
    ['Patient.id', []],
    ['Resource.id | Observation.id', ['o1', 'o1']],
    ['id', ['o1']],
    ['Observation.component.code.text', ['a', 'b']],
    ['Observation.component[1].code.text', ['b']],
    ['Observation.component.first().code.text', ['a']],
    ['Observation.component.last().code.text', ['b']],
    ["Observation.component.where(code.text = 'b').value", ['s']],
    ["Observation.extension.where(url='x').value", ['one']],
    ["Observation.extension('y').value", [2]],
    ["Observation.extension.where(url='x' or url='y').url", ['x', 'y']],
    ['(Observation.value as Quantity).unit', ['kg']],
    ['Observation.value.as(Quantity).unit', ['kg']],
    ['Observation.value.ofType(string)', []],
    ['Observation.subject.where(resolve() is Patient).reference', ['Patient/p1']],
    ['Observation.subject.where(resolve() is Group).reference', []],
    ['Observation.device.where(resolve() is Device).reference', ['#d']],
    ['Observation.component.exists()', [true]],
    ['Observation.note.exists()', [false]],
    ['Observation.note.empty()', [true]],
    ['Observation.active.exists() and Observation.active != false', [false]],
    ['Observation.active.not()', [true]],
    ['Observation.value.value > 4', [true]],
    ["Observation.component.where($this.code.text = 'a').code.text", ['a']],
    ["Observation.`component`.where(%resource.id = 'o1').code.text", ['a', 'b']],
  ];
  for (const [expression, values] of cases) {
    it(expression, () => {
      assert.deepEqual(
        evaluate(parsePath(expression), resource).map(({ value }) => value),
        values,
      );
    });
  }

  for (const expression of [
    '',
    'bad syntax',
    'Patient.',
    'Patient..name',
    '(Patient.name',
    "Patient.where(x='",
    'Patient.shuffle()',
    'Patient.where()',
    'Patient.name[x]',
    '§',
  ]) {
    it(`${expression} does not parse`, () => {
      assert.throws(() => parsePath(expression), PathError);
    });
  }

  it('of the specification all parse, and lead to values in the published examples', function () {
    const definitions = builtInParameters().filter(
      ({ expression, code }) => expression !== undefined && code !== '_type',
    );
    for (const { expression = '' } of definitions) pathOf(expression);
    const found = new Set<string>();
    for (const version of hl7Examples(Date.now())) {
      if (version.json.length > 20_000) continue;
      const example = parsed(version);
      for (const { url, expression = '', base } of definitions) {
        if (found.has(url) || !base.includes(version.type)) continue;
        if (evaluate(pathOf(expression), example).length > 0) found.add(url);
      }
    }
    assert.ok(found.size > 1_000, `${found.size} of ${definitions.length}`);
  });

  it('fit together when one holds the other', () => {
    assert.ok(expressionsFit('Patient.gender', 'Patient.gender | Person.gender'));
    assert.ok(expressionsFit('Patient.a | Patient.b', ' (Patient.b)|Patient.a '));
    assert.ok(expressionsFit('(Observation.value as Quantity)', 'Observation.value.ofType(Quantity)'));
    assert.equal(expressionsFit('Patient.a', 'Patient.b'), false);
    assert.equal(expressionsFit('Patient.a | Patient.b', 'Patient.b | Patient.c'), false);
  });

  it('apply to types through their base', () => {
    const [first] = builtInParameters();
    assert.ok(first !== undefined);
    assert.ok(appliesTo({ ...first, base: ['Resource'] }, 'Bundle'));
    assert.ok(appliesTo({ ...first, base: ['DomainResource'] }, 'Patient'));
    assert.equal(appliesTo({ ...first, base: ['DomainResource'] }, 'Bundle'), false);
    assert.equal(appliesTo({ ...first, base: ['Patient'] }, 'Observation'), false);
  });
});
