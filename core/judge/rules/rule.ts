import type { Remark } from '../check-result.ts';
import type { Subject } from '../rule-input.ts';

/** A promise that every answer has to keep, whatever was asked. One file each; silence means it was kept. */
export interface Rule {
  judge(subject: Subject): readonly Remark[];
}
