import type { Cloud } from './cloud.ts';

/*
 * Endpoints of Azure's clouds, from @azure/ms-rest-azure-env and Microsoft Learn (private-link: private-endpoint-dns).
 * Storage takes the same audience in every cloud.
 */

export const publicCloud: Cloud = {
  name: 'public',
  resourceManager: 'https://management.azure.com',
  resourceManagerAudience: 'https://management.core.windows.net',
  loginHost: 'https://login.microsoftonline.com',
  storageAudience: 'https://storage.azure.com',
  azureApiForFhir: 'https://{name}.azurehealthcareapis.com',
  ahds: 'https://{workspace}-{fhir}.fhir.azurehealthcareapis.com',
  blob: 'https://{account}.blob.core.windows.net',
  portal: 'https://portal.azure.com',
};

export const usGovernmentCloud: Cloud = {
  name: 'usGovernment',
  resourceManager: 'https://management.usgovcloudapi.net',
  resourceManagerAudience: 'https://management.core.usgovcloudapi.net',
  loginHost: 'https://login.microsoftonline.us',
  storageAudience: 'https://storage.azure.com',
  azureApiForFhir: 'https://{name}.azurehealthcareapis.us',
  ahds: 'https://{workspace}-{fhir}.fhir.azurehealthcareapis.us',
  blob: 'https://{account}.blob.core.usgovcloudapi.net',
  portal: 'https://portal.azure.us',
};

/** No host suffix of FHIR services in Azure China is documented: services there are added by their address. */
export const chinaCloud: Cloud = {
  name: 'china',
  resourceManager: 'https://management.chinacloudapi.cn',
  resourceManagerAudience: 'https://management.core.chinacloudapi.cn',
  loginHost: 'https://login.chinacloudapi.cn',
  storageAudience: 'https://storage.azure.com',
  azureApiForFhir: '',
  ahds: '',
  blob: 'https://{account}.blob.core.chinacloudapi.cn',
  portal: 'https://portal.azure.cn',
};

/** The clouds that need no settings of their own. */
export const knownClouds = { public: publicCloud, usGovernment: usGovernmentCloud, china: chinaCloud } as const;
