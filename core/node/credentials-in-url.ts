/** The same text without credentials in URLs. Also masks passwords that contain `@`, and invalid URLs. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/\s]*@/g, '//…@');
}
