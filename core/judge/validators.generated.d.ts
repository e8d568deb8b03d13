// Types of the bundle that `npm run prepare` compiles from core/api/schemas.
export interface AjvError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly missingProperty?: string; readonly type?: string; readonly format?: string };
}
export type Validator = ((value: unknown) => boolean) & { readonly errors?: readonly AjvError[] | null };
export const ManagedClientStatus: Validator;
export const ManagedClientStatusAggResponse: Validator;
export const ErrorResponseDto: Validator;
export const Unauthorized: Validator;
export const TooManyRequests: Validator;
