const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a method only reads (RFC 9110 §9.2.1). TRACE is safe as well, but servers disable it. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.includes(method);
}
