import type { Remark } from '../remark.ts';
import type { Subject } from '../subject.ts';

/** A promise that every answer has to keep, whatever was asked. One file each; silence means it was kept. */
export interface Rule {
  judge(subject: Subject): readonly Remark[];
}
