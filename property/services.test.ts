import { describe, expect, test } from '@jest/globals';

import type { ManagedClientStatus, Outcome } from '../core/index.ts';
import { knownIds } from '../fixtures/provider/store.ts';
import { serviceError } from '../fixtures/provider/errors.ts';
import type { Fault } from '../fixtures/faults/fault.ts';
import { outcomesAt, some, start, type Amount } from '../harness/test-support/fuzz-at.ts';
import { canonical } from './runner/base-report.ts';
import { Marks } from './runner/write-ids.ts';
import type { Probe } from './runner/test-case.ts';
import { writeStep } from './triage/control-request.ts';
import { getStep } from './runner/requests.ts';
import { findingsOf } from './runner/run-test-case.ts';

/** What staging is held to: it agrees in the end, and nothing is known of how long that takes. */
const staging: Amount = {
  ...some,
  randomBodies: 20,
  consistency: 'eventual',
  richBases: false,
  pairwise: false,
  confirmations: 2,
};

function service(title: string, plant: Fault['plant']): Fault {
  return { group: 'L', title, plant };
}

const told = (outcomes: readonly Outcome[]): string[] =>
  [...new Set(outcomes.flatMap(findingsOf).map(({ code, severity }) => `${severity} ${code}`))].toSorted();

/** Reads come from a replica that is behind. */
const behind = (milliseconds: number): Fault =>
  service(`answers reads ${milliseconds} ms late`, ({ read, write }, { clock }) => {
    const written = new Map<string, { at: number; status: ManagedClientStatus }[]>();
    const key = (id: string, type: unknown): string => `${id} ${String(type)}`;
    return {
      write(id, status) {
        const before = written.get(key(id, status.type)) ?? [{ at: 0, status: read(id, status.type) }];
        written.set(key(id, status.type), [...before.slice(-50), { at: clock(), status }]);
        write(id, status);
      },
      read: (id, type) =>
        written.get(key(id, type))?.findLast(({ at }) => at <= clock() - milliseconds)?.status ??
        written.get(key(id, type))?.[0]?.status ??
        read(id, type),
    };
  });

describe('a service that agrees in the end', () => {
  test('is let be where that is all it promises', async () => {
    const outcomes = await outcomesAt(await start(behind(120)), staging);
    expect(told(outcomes)).toEqual([]);
    const ages = outcomes.flatMap((one) => (one.kind === 'not-verifiable' ? [] : (one.notices ?? [])));
    expect(ages.some(({ code }) => code === 'state.history.age')).toBe(true);
  }, 120_000);

  test('is found out where it promises more', async () => {
    const outcomes = await outcomesAt(await start(behind(120)), { ...staging, consistency: 'linearizable' });
    expect(told(outcomes)).toContain('major state.history.lost');
  });

  test('is found out where it never agrees', async () => {
    const forgetful = service('stores no second report', ({ write }) => {
      const seen = new Set<unknown>();
      return {
        write(id, status) {
          if (!seen.has(status.type)) write(id, status);
          seen.add(status.type);
        },
      };
    });
    // No waiting: what is never stored does not come later.
    const pause = (): Promise<void> => Promise.resolve();
    const outcomes = await outcomesAt(await start(forgetful), staging, { pause });
    expect(told(outcomes)).toEqual(['major state.history.lost']);
  });
});

describe('surroundings', () => {
  test('a 403 to what was bent does not end the run', async () => {
    const cautious = service('answers 403 for ids that it does not know', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        return own.status === 404 ? serviceError(call, 403) : own;
      },
    }));
    const outcomes = await outcomesAt(await start(cautious), staging);
    const open = outcomes.filter(({ kind }) => kind === 'inconclusive');
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(0.1 * outcomes.length);
  }, 60_000);

  test('a run that fills its budget ends when nobody is let in any more', async () => {
    let calls = 0;
    const closing = service('closes after a while', ({ authorize }) => ({
      authorize: (caller, route, call) =>
        (calls += 1) > 300 ? serviceError(call, 403) : authorize(caller, route, call),
    }));
    const outcomes = await outcomesAt(await start(closing), { ...staging, goesOn: () => true });
    expect(outcomes.at(-1)?.kind).toBe('inconclusive');
  });

  test('a state endpoint that gives no token leaves cells out, and finds nothing', async () => {
    const provider = await start();
    const outcomes = await outcomesAt({ ...provider, stateUrl: `${provider.url}/` }, staging);
    expect(told(outcomes)).toEqual([]);
    const left = outcomes.filter(({ kind }) => kind === 'not-verifiable').map(({ what }) => what);
    expect(left.toSorted()).toEqual([
      'auth-expired@get',
      'auth-expired@post',
      'auth-other-tenant@get',
      'auth-other-tenant@post',
      'auth-revoked@get',
      'auth-revoked@post',
    ]);
  });

  test('writes that a gateway gave up on may have been stored', async () => {
    const answered = new Set<string>();
    const slow = service('is given up on by its gateway, once for each report', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        const text = call.body.toString();
        if (call.method !== 'POST' || own.status !== 200 || !text.includes('mchWrite') || answered.has(text))
          return own;
        answered.add(text);
        return { status: 504, headers: { 'Content-Type': 'text/html' }, body: '<h1>504</h1>' };
      },
    }));
    const outcomes = await outcomesAt(await start(slow), { ...staging, histories: 2, randomBodies: 0 });
    expect(told(outcomes).filter((one) => one.includes('state.'))).toEqual([]);
    const judged = outcomes.filter(({ kind, what }) => kind === 'evaluated' && what.startsWith('history-'));
    expect(judged).toHaveLength(2);
  }, 120_000);
});

describe('a crash', () => {
  const crashing = (isDue: (count: number) => boolean): Fault =>
    service('crashes now and then', ({ read }) => {
      let count = 0;
      return {
        read(id, type) {
          count += 1;
          if (isDue(count) && (knownIds as readonly string[]).includes(id)) throw new Error('planted');
          return read(id, type);
        },
      };
    });

  test('that comes once is a minor finding', async () => {
    const outcomes = await outcomesAt(await start(crashing((count) => count === 20)), staging);
    expect(told(outcomes)).toEqual(['minor response.status.server-error']);
  });

  test('that comes again and again is a critical one', async () => {
    const outcomes = await outcomesAt(await start(crashing((count) => count % 15 === 0)), staging);
    expect(told(outcomes)).toContain('critical response.status.server-error');
  });
});

describe('a finding is not lost', () => {
  test('to another one that every answer shows', async () => {
    let isFull = false;
    const both = service(
      'leaves out type in its answers, and takes any type beside a body',
      ({ parse, checks, acknowledge }) => ({
        parse(bytes) {
          const value = parse(bytes);
          isFull = Object.keys(Object((value as { body?: unknown } | null)?.body) as object).length > 0;
          return value;
        },
        checks: { ...checks, type: (value) => (isFull ? undefined : checks.type(value)) },
        acknowledge: (status) => ({ ...(acknowledge(status) as object), type: undefined }),
      }),
    );
    const outcomes = await outcomesAt(await start(both), { ...staging, richBases: true });
    expect(told(outcomes)).toEqual(['major request.invalid.accepted', 'major response.body.schema']);
  });

  test('to one that is shown every time', async () => {
    let writes = 0;
    const both = service('answers as text, and crashes at every second report of FAILED', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        const isOdd = call.body.includes('"FAILED"') && (writes += 1) % 2 === 1;
        const headers = { ...own.headers, 'Content-Type': 'text/plain' };
        return isOdd ? { ...serviceError(call, 500), headers } : { ...own, headers };
      },
    }));
    const outcomes = await outcomesAt(await start(both), { ...staging, inFlight: 1 });
    const codes = told(outcomes).map((one) => one.split(' ')[1]);
    expect(codes).toEqual(expect.arrayContaining(['response.status.server-error']));
    expect(codes).toEqual(expect.arrayContaining(['response.content-type.undocumented']));
  });

  test('to a type that is refused', async () => {
    const both = service(
      'refuses reports of INTERNAL, and stores none of a history',
      ({ checks, write }) => ({
        checks: { ...checks, type: (value) => (value === 'INTERNAL' ? 'no' : checks.type(value)) },
        write(id, status) {
          if (!/-h\d/.test(JSON.stringify(status.body))) write(id, status);
        },
      }),
    );
    const amount = { ...staging, consistency: 'linearizable' } as const;
    expect(
      told(await outcomesAt(await start(both), amount)).some((one) => one.includes('state.history')),
    ).toBe(true);
  });

  test('to a control that passes by chance', async () => {
    let left = 0;
    const moody = service('rejects a report with a large number, and the next one', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        if (call.method !== 'POST' || own.status !== 200) return own;
        if (call.body.includes('{"x":9007199254740993}')) left = 2;
        return (left -= 1) >= 0 ? serviceError(call, 400, 'in a mood') : own;
      },
    }));
    const outcomes = await outcomesAt(await start(moody), { ...staging, inFlight: 1, heavy: false });
    expect(told(outcomes)).toContain('major request.valid.rejected');
  });
});

test('what only a service is held to that agrees at once is left out, and said, where one agrees late', async () => {
  const report = new Marks('own', Date.UTC(2020, 0, 1)).mark(canonical);
  const steps = [writeStep(some.place, report, 'own'), getStep({ place: some.place, expectation: 'accept' })];
  const corpus: Probe[] = [{ what: 'of-corpus', family: 'history', steps, relation: 'history' }];
  const outcomes = await outcomesAt(await start(), { ...staging, corpus, randomBodies: 0, sequences: 0 });
  const told = outcomes.filter(({ what }) => what === 'of-corpus');
  expect(told).toEqual([expect.objectContaining({ kind: 'not-verifiable', reason: 'agrees-late' })]);
});

test('another run with the same seed is not taken for this one', async () => {
  const provider = await start();
  // Nothing else writes there: what is read first was written by the run before.
  const place = { ...some.place, client: 'bClientId', types: ['CCG'] as const };
  const report = new Marks('own', Date.UTC(2020, 0, 1)).mark(canonical);
  const steps = [getStep({ place, expectation: 'accept' }), writeStep(place, report, 'own')];
  const corpus: Probe[] = [{ what: 'own', family: 'history', steps, relation: 'history' }];
  const again = { ...staging, corpus, randomBodies: 0, sequences: 0, consistency: 'linearizable' as const };
  expect(told(await outcomesAt(provider, again, { nonce: 'one' }))).toEqual([]);
  expect(told(await outcomesAt(provider, again, { nonce: 'two' }))).toEqual([]);
  expect(told(await outcomesAt(provider, again, { nonce: 'two' }))).not.toEqual([]);
});
