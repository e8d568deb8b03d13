import type { Remark } from '../remark.ts';
import type { Subject } from '../subject.ts';

/** A promise that every answer has to keep, whatever was asked. One file each; silence means it was kept. */
export interface Rule {
  /** A sentence that ends in the report: "the status is documented". */
  readonly promise: string;
  judge(subject: Subject): readonly Remark[];
}
