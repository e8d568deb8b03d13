import type { DocumentedStatus } from './interactions.ts';
import type { ConsumerName, Handed } from './sdk.ts';

export type ErrorStatus = Exclude<DocumentedStatus, 200>;

/** What each SDK throws at an error. */
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

/** The generated models type `error` and `message` as objects; the API sends strings, and two SDKs stumble. */
const unparsed: readonly DocumentedStatus[] = [401, 429];

/** Whether an SDK hands its caller the parsed body of an error, or only its text. */
export function isParsed(consumer: ConsumerName, status: ErrorStatus): boolean {
  return consumer === 'typescript-sdk' || !unparsed.includes(status);
}

/** What an SDK throws, and how its caller reaches Retry-After. */
export function handedError(consumer: ConsumerName, status: ErrorStatus): Partial<Handed> {
  return {
    kind: 'error',
    error: errorNames[consumer](status),
    status,
    ...(status === 429 && { retryAfter: '10' }),
  };
}

/** How each SDK writes an instant that came as `2024-03-11T08:00:00.000000Z`. */
export const timestamps: Record<ConsumerName, string> = {
  'typescript-sdk': '2024-03-11T08:00:00.000000Z',
  'python-sdk': '2024-03-11T08:00:00Z',
  'go-sdk': '2024-03-11T08:00:00Z',
};
