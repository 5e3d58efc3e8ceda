import { at } from '../../compare/configurationSettings.ts';
import { pages } from '../documentation.ts';
import type { About } from '../finding.ts';
import { finding, forAzureApiForFhir, judge, type Rule, withTarget } from '../rule.ts';

const iotConnector: About = {
  id: 'integration.iotConnector',
  severity: 'action',
  title: 'The IoT connector is succeeded by the MedTech service',
  guidance:
    'Deploy a MedTech service in the workspace of the target with your device and destination mappings, and point devices to its event hub. Old readings come over with the migration, or by replaying the device messages through the new service.',
  documentation: pages.medTech,
};

/** Things around a service that its configuration does not show: a person has to say whether they are used. */
const invisible: readonly (readonly [about: About, seen: string])[] = [
  [
    {
      id: 'integration.syncAgent',
      severity: 'check',
      title: 'Sync Agent for Dataverse is deprecated',
      guidance: 'If you use it, move to the Data integration toolkit of Microsoft Cloud for Healthcare.',
      documentation: pages.dataverse,
    },
    'Whether a Sync Agent is connected cannot be seen from Azure.',
  ],
  [
    {
      id: 'integration.fhirProxy',
      severity: 'check',
      title: 'FHIR Proxy is deprecated',
      guidance:
        'If you use it for events, use the events of the target after cutover; for anything else, the Azure Health Data Services Toolkit.',
      documentation: pages.toolkit,
    },
    'Whether a FHIR Proxy stands before the service cannot be seen from Azure.',
  ],
];

const events: About = {
  id: 'integration.events',
  severity: 'information',
  title: 'Events: the target can tell of created, updated and deleted resources',
  guidance: 'Turn them on only after cutover: events are never sent for the past.',
  documentation: pages.events,
};

const eventsOn: About = {
  id: 'integration.eventsOn',
  severity: 'action',
  title: 'Eventing on the target must be off during the migration',
  guidance:
    'Prepare deletes the event subscriptions of the workspace that it can make again; delete the others by hand, wait until its state is Disabled, and turn events on again on the way over.',
  documentation: pages.eventsOff,
};

/** What is connected to the services. */
export const integrationRules: readonly Rule[] = [
  forAzureApiForFhir(({ source }) =>
    judge(iotConnector, source.metrics, ({ iotMessages }) =>
      iotMessages !== undefined && iotMessages > 0
        ? `${iotMessages.toLocaleString('en')} device messages reached its IoT connector in the last six hours.`
        : {
            seen: 'No device message was seen in the last six hours; a connector that rests cannot be seen.',
            severity: 'check',
          },
    ),
  ),
  forAzureApiForFhir(() => invisible.map(([about, seen]) => finding(about, seen, 'not visible'))),
  forAzureApiForFhir(() => [finding(events, 'Azure API for FHIR has no events.', 'ARM resource type')]),
  withTarget((_, target) =>
    judge(eventsOn, target.resource, (resource) => {
      const state = at(resource, 'properties', 'eventState');
      if (state === 'Disabled') return undefined;
      return typeof state === 'string'
        ? `The event state of ${target.name} is ${state}.`
        : { seen: `Unknown, because ${target.name} does not tell its event state.`, severity: 'check' };
    }),
  ),
];
