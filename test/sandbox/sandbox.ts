import { randomBytes } from 'node:crypto';
import { createAdmin } from './admin.ts';
import { createArm } from './arm/arm.ts';
import { LongRunningOperations } from './arm/longRunning.ts';
import { RequestStatistics } from './arm/requestStatistics.ts';
import { firstTenantId, secondTenantId } from './arm/worldBuilder.ts';
import { startAzurite } from './blob/azurite.ts';
import { ScaledClock } from './clock.ts';
import type { RunningSandbox, SandboxOptions } from './contract.ts';
import { ControlPlane } from './controlPlane.ts';
import { RequestCounts } from './counters.ts';
import { RouteFaults } from './faults.ts';
import { loadService } from './data/load.ts';
import { FhirServices } from './fhirServices.ts';
import { JobFaults } from './jobs/jobFaults.ts';
import { createOperations } from './jobs/operations.ts';
import { createLogin } from './login/endpoint.ts';
import { createTokenIssuer } from './login/tokens.ts';
import { routeRequests } from './requestRoutes.ts';
import { startServer, type Route } from './server.ts';
import { createServerCertificate } from './tls/certificates.ts';

/** Most bytes of a request: an import of 10,000 files is about 3 MB. */
const bodyLimit = 64 * 1024 * 1024;
const defaultAccounts = ['contosostaging'];

/**
 * Starts everything: certificate authority, Azurite, the https server with token endpoint, ARM and FHIR services, and
 * loads the services' data. Whatever was started is stopped again when something fails.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const log = options.log ?? (() => undefined);
  const accounts = options.accounts ?? defaultAccounts;
  await using starting = new AsyncDisposableStack();
  const clock = starting.adopt(
    new ScaledClock({
      ...(options.clockFactor === undefined ? {} : { factor: options.clockFactor }),
      ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    }),
    (started) => started.dispose(),
  );
  const certificate = await createServerCertificate();
  const [azurite, issuer] = await Promise.all([
    startAzurite(accounts, certificate).then((started) => starting.adopt(started, () => started.stop())),
    createTokenIssuer(options.tokenLifetimeSeconds ?? 3_600),
  ]);

  let route: (method: string, path: string, search: string) => Route | undefined = () => undefined;
  const server = starting.adopt(
    await startServer({
      certificate,
      port: options.port ?? 0,
      bodyLimit,
      log,
      route: (method, path, search) => route(method, path, search),
    }),
    (started) => started.stop(),
  );
  const { origin } = server;
  const now = (): number => clock.now();
  const endpointOf = (service: string): string => `${origin}/fhir/${service}`;
  const authorityOf = (tenantId: string): string => `${origin}/${tenantId}`;

  const faults = new RouteFaults();
  const jobFaults = new JobFaults();
  const counts = new RequestCounts();
  const statistics = new RequestStatistics();
  const operationsFactory = createOperations(new Map(accounts.map((name) => [name, azurite.account(name)])));
  const services: FhirServices = starting.adopt(
    new FhirServices({
      dependenciesOf: (spec) => ({
        base: endpointOf(spec.name),
        authority: authorityOf(spec.place?.tenant === 'second' ? secondTenantId : firstTenantId),
        clock,
        operations: operationsFactory,
        storageRefusal: (account) => control.storageRefusal(spec.name, account),
        takeJobFault: (operation) => jobFaults.take(spec.name, operation),
        onUnexpected: (error) =>
          log(`${spec.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      }),
      check: (authorization) => issuer.check(authorization),
      callerOf: (service, check) => control.callerOf(service, check),
    }),
    (started) => started.stop(),
  );
  const clientSecret = randomBytes(24).toString('base64url');
  const control: ControlPlane = new ControlPlane({
    options,
    accounts,
    clientSecret,
    services,
    issuer,
    armEndpoint: `${origin}/arm`,
    addresses: { authorityOf, endpointOf, blobEndpointOf: (account) => azurite.endpoint(account) },
  });
  const operations = new LongRunningOperations(now);

  const sandbox: RunningSandbox = {
    origin,
    armEndpoint: `${origin}/arm`,
    loginEndpoint: origin,
    adminEndpoint: `${origin}/admin`,
    blobEndpoint: (account) => `${azurite.origin}/${account}`,
    certificateAuthority: certificate.certificateAuthority,
    tenantId: firstTenantId,
    secondTenantId,
    clientId: control.main.clientId,
    clientSecret,
    clock,
    endpointOf: (service) => endpointOf(services.get(service).spec().name),
    resourceIdOf: (service) => control.resource(service).id,
    store: (service) => services.get(service).store,
    configure: (service, change) => control.configure(service, change),
    addFault: (fault) => faults.add(fault),
    addJobFault: (fault) => jobFaults.add(fault),
    clearFaults: () => {
      faults.clear();
      jobFaults.clear();
    },
    counters: (service) => counts.read(service),
    resetCounters: () => counts.reset(),
    jobs: (service) => services.get(service).jobs(),
    token: (audience, principal) => control.token(audience, principal),
    expireTokens: () => issuer.expireAll(),
    addPrincipal: (roles) => control.addPrincipal(roles),
    stop: () => running.disposeAsync(),
  };
  route = routeRequests({
    login: createLogin({
      endpoint: () => sandbox.loginEndpoint,
      directory: control.world.directory,
      issuer,
      knowsAudience: (audience) => control.tenantOfAudience(audience) !== undefined,
    }),
    arm: createArm({
      world: control.world,
      operations,
      issuer,
      plane: control,
      metrics: { statistics, storedBytes: (service) => control.storedBytes(service) },
      containersOf: (account) => azurite.account(account).containers(),
      endpoint: () => sandbox.armEndpoint,
      authorityOf,
      now,
    }),
    admin: createAdmin({ sandbox, world: control.world, operations, services, faults }),
    services,
    faults,
    counts,
    statistics,
    origin: () => origin,
    latencyMs: options.latencyMs ?? 0,
    now,
  });
  for (const spec of options.services) await loadService(services.add(spec), now());
  const running = starting.move();
  return sandbox;
}
