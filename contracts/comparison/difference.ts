import type { OperationId } from '../../core/index.ts';

/**
 * `breaking`: a consumer fails. `change`: a migration has to adapt something. `explained`: known and harmless. The most
 * severe first.
 */
export const differenceKindOrder = ['breaking', 'change', 'explained'] as const;

export type DifferenceKind = (typeof differenceKindOrder)[number];

/** All differences between a document and consumer contracts, with their kind. */
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

/** The affected interactions of a consumer. */
export interface Affected {
  readonly consumer: string;
  readonly interactions: readonly string[];
}

export interface Difference {
  readonly code: DifferenceCode;
  readonly kind: DifferenceKind;
  readonly operation: OperationId;
  readonly details: Readonly<Record<string, string>>;
  /** Empty if all callers of the operation are affected. */
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
