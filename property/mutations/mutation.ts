import type * as fc from 'fast-check';

import {
  type Expectation,
  type ManagedClientStatus,
  type MutationInfo,
  type StateName,
  type ReportMember,
} from '../../core/index.ts';
import type { RequestSpec } from '../../core/client/index.ts';
import { writeSpec } from '../runner/requests.ts';
import type { TargetIds } from '../runner/target-ids.ts';

/** A parameter of a mutation. It is JSON data, so that a stored parameter can be shrunk. */
export type Param = null | boolean | number | string | readonly Param[] | { readonly [key: string]: Param };

/** The effect of a mutation on the body. It is verified on the bytes before they are sent. */
export type Effect =
  | { readonly kind: 'valid' }
  | { readonly kind: 'syntax-error' }
  | { readonly kind: 'schema-error'; readonly site: string }
  /** The mutation does not concern the body, or its effect depends on the implementation. */
  | { readonly kind: 'unchecked' };

/** One way to change a request. `render` is pure: the same report and parameter always give the same bytes. */
export interface Mutation<P extends Param = Param> {
  /** `operator@site`: unique and stable. It is the name of the test case. */
  readonly name: string;
  /** Mutations that reveal the same defect have the same class. */
  readonly fingerprintClass: string;
  readonly expectation: Expectation;
  readonly effect: Effect;
  readonly param: fc.Arbitrary<P>;
  /** A provider state that the mutation needs. */
  readonly state?: StateName;
  /** Large or deeply nested: not sent to shared targets. */
  readonly isHeavy?: true;
  render(report: ManagedClientStatus, param: P, target: TargetIds): RequestSpec;
}

/** A mutation with a parameter of unknown type. */
export type AnyMutation = Omit<Mutation, 'param' | 'render'> & {
  readonly param: fc.Arbitrary<Param>;
  render(report: ManagedClientStatus, param: Param, target: TargetIds): RequestSpec;
};

export interface BodyMutation<P extends Param> extends Pick<
  Mutation<P>,
  'name' | 'fingerprintClass' | 'expectation' | 'effect' | 'param' | 'isHeavy'
> {
  /** The text or bytes to send. */
  body(report: ManagedClientStatus, param: P): string | Uint8Array;
  readonly contentType?: string | undefined;
  /** Descriptions for reports. Default: the whole bodies. */
  readonly before?: (report: ManagedClientStatus) => string;
  readonly after?: (report: ManagedClientStatus, param: P) => string;
}

/** A mutation of the body or Content-Type of a write. */
export function bodyMutation<P extends Param>(mutation: BodyMutation<P>): AnyMutation {
  const { body: bodyFor, before, after, contentType: _, ...common } = mutation;
  const { name, fingerprintClass, expectation } = mutation;
  return withAnyParam({
    ...common,
    render(report, param, target) {
      const body = bodyFor(report, param);
      const info: MutationInfo = {
        name,
        fingerprintClass,
        before: shorten(before?.(report) ?? JSON.stringify(report)),
        after: shorten(after?.(report, param) ?? Buffer.from(body).toString('utf8')),
      };
      const contentType = 'contentType' in mutation ? { contentType: mutation.contentType } : {};
      return writeSpec({ target, body, expectation, mutation: info, ...contentType });
    },
  });
}

export interface MemberMutation<P extends Param> {
  readonly operator: string;
  readonly member: ReportMember;
  /** The fingerprint class without the member. */
  readonly group: string;
  readonly expectation?: 'reject' | 'accept' | 'either';
  readonly param: fc.Arbitrary<P>;
  /** The value to send instead of the current one. */
  value(current: unknown, param: P): unknown;
}

/** A mutation of the value of one member. */
export function memberMutation<P extends Param>(mutation: MemberMutation<P>): AnyMutation {
  const { operator, member, group, expectation = 'reject', param } = mutation;
  return bodyMutation({
    name: `${operator}@${member}`,
    fingerprintClass: `${group}@${member}`,
    expectation,
    effect: effectOf(expectation, `/${member}`),
    param,
    body: (report, drawn) => JSON.stringify({ ...report, [member]: mutation.value(report[member], drawn) }),
    before: (report) => JSON.stringify(report[member]),
    after: (report, drawn) => JSON.stringify(mutation.value(report[member], drawn)),
  });
}

function effectOf(expectation: 'reject' | 'accept' | 'either', site: string): Effect {
  if (expectation === 'accept') return { kind: 'valid' };
  return expectation === 'reject' ? { kind: 'schema-error', site } : { kind: 'unchecked' };
}

export interface RequestMutation<P extends Param> extends Pick<
  Mutation<P>,
  'name' | 'fingerprintClass' | 'expectation' | 'param' | 'state'
> {
  /** Descriptions for reports. */
  readonly before: string;
  readonly after: (param: P, target: TargetIds) => string;
  readonly spec: (input: RequestMutationInput<P>) => RequestSpec;
}

export interface RequestMutationInput<P extends Param> {
  readonly report: ManagedClientStatus;
  readonly param: P;
  readonly target: TargetIds;
  /** Belongs into the request spec. */
  readonly intent: { readonly expectation: Expectation; readonly mutation: MutationInfo };
}

/** A mutation of anything except the body. */
export function requestMutation<P extends Param>(mutation: RequestMutation<P>): AnyMutation {
  const { before, after, spec, ...common } = mutation;
  const { name, fingerprintClass, expectation } = common;
  return withAnyParam({
    ...common,
    effect: { kind: 'unchecked' },
    render(report, param, target) {
      const info: MutationInfo = {
        name,
        fingerprintClass,
        before,
        after: shorten(after(param, target)),
      };
      return spec({ report, param, target, intent: { expectation, mutation: info } });
    },
  });
}

/** Removes the type of the parameter. `render` receives only values that `param` generates. */
function withAnyParam<P extends Param>({ render, ...mutation }: Mutation<P>): AnyMutation {
  return { ...mutation, render: (report, param, target) => render(report, param as P, target) };
}

const MAX_LENGTH = 160;

export function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}
