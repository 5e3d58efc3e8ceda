import type { DiscoveredService } from '../azure/discovered.ts';
import type { Services } from '../services/contract.ts';

/** A service by its Azure resource id or its address. */
export const serviceAt = (services: Services, text: string, signal: AbortSignal): Promise<DiscoveredService> =>
  text.startsWith('/') ? services.service(text, undefined, signal) : services.serviceByUrl(text, signal);
