declare module 'har-schema' {
  /** The JSON Schemas of HAR 1.2, which refer to each other by `$id`. */
  const schemas: Readonly<Record<string, object>>;
  export default schemas;
}
