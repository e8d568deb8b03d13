import type { DocumentedStatus } from '../../core/index.ts';
import type { ConsumerName, SdkResult } from './sdk.ts';

export type ErrorStatus = Exclude<DocumentedStatus, 200>;

/** The exception that each SDK throws. */
const errorNames: Record<ConsumerName, (status: ErrorStatus) => string> = {
  'typescript-sdk': () => 'AxiosError',
  'python-sdk': (status) => pythonErrors[status],
  'go-sdk': () => '*api_beta.GenericOpenAPIError',
};

const pythonErrors: Record<ErrorStatus, string> = {
  400: 'BadRequestException',
  401: 'UnauthorizedException',
  403: 'ForbiddenException',
  404: 'NotFoundException',
  429: 'ApiException',
  500: 'ServiceException',
};

/** The generated models declare `error` and `message` as objects, but the API sends strings, which two SDKs cannot parse. */
const unparsed: readonly DocumentedStatus[] = [401, 429];

/** Whether an SDK returns the parsed body of an error, or only its text. */
export function isParsed(consumer: ConsumerName, status: ErrorStatus): boolean {
  return consumer === 'typescript-sdk' || !unparsed.includes(status);
}

/** The expected result of an SDK for an error. */
export function expectedError(consumer: ConsumerName, status: ErrorStatus): Partial<SdkResult> {
  return {
    kind: 'error',
    error: errorNames[consumer](status),
    status,
    ...(status === 429 && { retryAfter: '10' }),
  };
}

/** The spelling in which each SDK returns `2024-03-11T08:00:00.000000Z`. */
export const timestamps: Record<ConsumerName, string> = {
  'typescript-sdk': '2024-03-11T08:00:00.000000Z',
  'python-sdk': '2024-03-11T08:00:00Z',
  'go-sdk': '2024-03-11T08:00:00Z',
};
