import { isDateTime } from '../core/api/date-time.ts';

/** The formats of the schemas. The validators bundle contains this module. */
export const formats = { 'date-time': isDateTime };
