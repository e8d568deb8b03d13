import type { OperationId } from '../../core/index.ts';

/**
 * `breaking`: a consumer fails. `change`: whoever moves has to change something. `explained`: known, and no harm.
 */
export type DifferenceKind = 'breaking' | 'change' | 'explained';

/** Every way in which a document may differ from what consumers rely on, and how bad that is. */
export const differenceKinds = {
  'operation.removed': 'breaking',
  'operation.moved': 'change',
  'operation.renamed': 'change',
  'operation.deprecated': 'change',
  'operation.deprecated-long-since': 'explained',
  'security.removed': 'breaking',
  'security.scope': 'breaking',
  'security.added': 'explained',
  'security.kept': 'explained',
  'schema.renamed': 'change',
  'answer.undescribed': 'change',
  'answer.unsurvived': 'breaking',
  'answer.survived': 'explained',
  'contract.unfulfilled': 'breaking',
  'contract.free-body': 'explained',
  'contract.header-undocumented': 'explained',
} as const satisfies Record<string, DifferenceKind>;

export type DifferenceCode = keyof typeof differenceKinds;

/** Interactions of a consumer that a difference is about. */
export interface Affected {
  readonly consumer: string;
  readonly interactions: readonly string[];
}

export interface Difference {
  readonly code: DifferenceCode;
  readonly kind: DifferenceKind;
  readonly operation: OperationId;
  readonly details: Readonly<Record<string, string>>;
  /** Empty where it is about all who call the operation. */
  readonly affected: readonly Affected[];
}

export function difference(
  code: DifferenceCode,
  operation: OperationId,
  details: Readonly<Record<string, string>>,
  affected: readonly Affected[] = [],
): Difference {
  return { code, kind: differenceKinds[code], operation, details, affected };
}
