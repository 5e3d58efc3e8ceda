import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { publicCloud, usGovernmentCloud } from '../../../src/azure/clouds.ts';
import { readSettings, settingNames, type SettingName } from '../../../src/ui/platform/settings.ts';
import { startBlock } from '../../../src/ui/feedback/startBlock.ts';

const read = (values: Partial<Record<SettingName, unknown>> = {}) => readSettings((name) => values[name]);
const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  contributes: { configuration: { properties: Record<string, { default: unknown; scope: string; enum?: string[] }> } };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
};
const contributed = manifest.contributes.configuration.properties;

describe('the settings', () => {
  it('are those of the manifest, and its defaults are good values', () => {
    assert.deepEqual(Object.keys(contributed).sort(), settingNames.map((name) => `fhirMigration.${name}`).sort());
    const defaults = readSettings((name) => contributed[`fhirMigration.${name}`]?.default);
    assert.deepEqual(defaults.problems, []);
    assert.deepEqual(defaults, read());
  });

  it('that choose where requests and tokens go belong to the machine and are not taken from an untrusted folder', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const [name, { scope }] of Object.entries(contributed)) {
      assert.equal(scope, 'machine', name);
      if (!name.endsWith('resume.onStartup')) assert.ok(restrictedConfigurations.includes(name), name);
    }
  });

  it('choose the cloud and the provider that knows its accounts', () => {
    assert.deepEqual([read().cloud, read().provider], [publicCloud, 'microsoft']);
    const gov = read({ 'cloud.environment': 'usGovernment' });
    assert.deepEqual([gov.cloud, gov.provider], [usGovernmentCloud, 'microsoft-sovereign-cloud']);
  });

  it('describe a custom cloud, with its certificate authority as text or as file', () => {
    const custom = { resourceManager: 'https://arm.example/', loginHost: 'https://login.example' };
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';
    const inText = read({ 'cloud.environment': 'custom', 'cloud.custom': { ...custom, certificateAuthority: pem } });
    assert.deepEqual([inText.cloud.resourceManager, inText.cloud.certificateAuthority], ['https://arm.example', pem]);
    const inFile = read({
      'cloud.environment': 'custom',
      'cloud.custom': { ...custom, certificateAuthority: '/ca.pem' },
    });
    assert.deepEqual([inFile.certificateAuthorityFile, inFile.problems], ['/ca.pem', []]);
  });

  it('fall back with a sentence that names the setting', () => {
    const cases: readonly (readonly [Partial<Record<SettingName, unknown>>, RegExp])[] = [
      [{ 'cloud.environment': 'moon' }, /cloud\.environment/],
      [{ 'cloud.environment': 'custom', 'cloud.custom': { resourceManager: 'http://arm.example' } }, /cloud\.custom/],
      [{ 'cloud.environment': 'custom', 'cloud.custom': 7 }, /cloud\.custom/],
      [{ 'authentication.method': 1 }, /authentication\.method/],
      [{ 'authentication.method': 'clientSecret' }, /tenantId/],
      [{ 'resume.onStartup': 'maybe' }, /resume\.onStartup/],
      [{ 'journal.folder': ['a'] }, /journal\.folder/],
    ];
    for (const [values, sentence] of cases) {
      const settings = read(values);
      assert.match(settings.problems.join('\n'), sentence);
      assert.deepEqual(settings.cloud, publicCloud);
    }
  });

  it('are told in the log without what may name people or places', () => {
    const environment = {
      extensionVersion: '1',
      editorVersion: '2',
      platform: 'linux x64',
      remote: 'local',
      cloud: 'public',
      signIn: 'vscode',
    };
    const lines = startBlock(environment, read(), [
      { name: 'journal.folder', value: '/home/jane/journals' },
      { name: 'resume.onStartup', value: 'always' },
    ]).join('\n');
    assert.doesNotMatch(lines, /jane/);
    assert.match(lines, /resume\.onStartup="always"/);
    assert.match(lines, /Telemetry: none/);
  });
});
