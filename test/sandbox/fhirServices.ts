import type { FhirServiceSpec } from './contract.ts';
import type { FhirHttpRequest } from './fhir/http.ts';
import { createFhirService, type FhirService, type FhirServiceDependencies } from './fhir/service.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { TokenCheck } from './login/tokens.ts';

export interface FhirServicesOptions {
  dependenciesOf(spec: FhirServiceSpec): FhirServiceDependencies;
  check(authorization: string | undefined): Promise<TokenCheck>;
  /** Who calls a service, by what its token says. */
  callerOf(service: string, check: TokenCheck): FhirHttpRequest['caller'];
}

/** The FHIR services that run, by name. */
export class FhirServices {
  readonly #services = new Map<string, FhirService>();
  readonly #options: FhirServicesOptions;

  constructor(options: FhirServicesOptions) {
    this.#options = options;
  }

  add(spec: FhirServiceSpec): FhirService {
    const service = createFhirService(spec, this.#options.dependenciesOf(spec));
    this.#services.set(spec.name, service);
    return service;
  }

  async remove(name: string): Promise<void> {
    const service = this.#services.get(name);
    this.#services.delete(name);
    await service?.stop();
  }

  find(name: string): FhirService | undefined {
    return this.#services.get(name);
  }

  /** Throws RangeError for a service that does not run. */
  get(name: string): FhirService {
    const service = this.#services.get(name);
    if (service === undefined) throw new RangeError(`The sandbox has no FHIR service ${name}.`);
    return service;
  }

  all(): readonly FhirService[] {
    return [...this.#services.values()];
  }

  /** Hands a request to a service with its caller made out. `url` is the address as the client sent it. */
  async handle(service: FhirService, request: HttpRequest, url: string): Promise<HttpAnswer> {
    const check = await this.#options.check(request.headers.authorization);
    return service.handle({
      method: request.method,
      path: decodePath(request.path),
      query: new URLSearchParams(request.search),
      url,
      headers: { ...request.headers, 'x-request-id': request.requestId },
      body: await request.body(),
      caller: this.#options.callerOf(service.spec().name, check),
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map((service) => service.stop()));
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Broken percent signs: the service answers that it does not know the route.
    return path;
  }
}
