import { describe, expect, test } from '@jest/globals';

import { baseReport, type ManagedClientStatus, type Outcome } from '../core/index.ts';
import { knownIds } from '../fixtures/provider/store.ts';
import { serviceError } from '../fixtures/provider/errors.ts';
import type { Fault } from '../fixtures/faults/fault.ts';
import { findingsIn, type PropertyOutcome } from './runner/outcomes.ts';
import { readSpec, trackedWriteSpec } from './runner/requests.ts';
import type { TestCase } from './runner/test-case.ts';
import { WriteIds } from './runner/write-ids.ts';
import {
  runPropertyLayer,
  smallPlan,
  startTestProvider,
  type TestPlan,
} from './test-support/run-property-layer.ts';

/** The plan for staging: eventual consistency with an unknown delay. */
const staging: TestPlan = {
  ...smallPlan,
  randomBodies: 20,
  consistency: 'eventual',
  mutatesRandomReports: false,
  pairwise: false,
  confirmations: 2,
};

function service(title: string, plant: Fault['plant']): Fault {
  return { group: 'L', title, plant };
}

const findingsOf = (outcomes: readonly Outcome[]): string[] =>
  [
    ...new Set(
      (outcomes as PropertyOutcome[]).flatMap(findingsIn).map(({ code, severity }) => `${severity} ${code}`),
    ),
  ].toSorted();

/** A service whose reads come from a delayed replica. */
const delayed = (milliseconds: number): Fault =>
  service(`returns writes ${milliseconds} ms late`, ({ read, write }, { clock }) => {
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

describe('an eventually consistent service', () => {
  test('has no findings if eventual consistency is expected', async () => {
    const outcomes = await runPropertyLayer(await startTestProvider(delayed(120)), staging);
    expect(findingsOf(outcomes)).toEqual([]);
    const ages = outcomes.flatMap((one) =>
      one.kind === 'skipped' ? [] : (one.measured?.['maxReadAgeMs'] ?? []),
    );
    expect(ages.length).toBeGreaterThan(0);
  });

  test('has findings if strong consistency is expected', async () => {
    const outcomes = await runPropertyLayer(await startTestProvider(delayed(120)), {
      ...staging,
      consistency: 'strong',
    });
    expect(findingsOf(outcomes)).toContain('major state.history.lost');
  });

  test('has findings if it never converges', async () => {
    const forgetful = service('stores no second report', ({ write }) => {
      const seen = new Set<unknown>();
      return {
        write(id, status) {
          if (!seen.has(status.type)) write(id, status);
          seen.add(status.type);
        },
      };
    });
    // No pause is necessary, because the write is never stored.
    const pause = (): Promise<void> => Promise.resolve();
    const outcomes = await runPropertyLayer(await startTestProvider(forgetful), staging, { pause });
    expect(findingsOf(outcomes)).toEqual(['major state.history.lost']);
  });
});

describe('the environment', () => {
  test('a 403 to a mutation does not end the run', async () => {
    const cautious = service('answers 403 for ids that it does not know', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        return own.status === 404 ? serviceError(call, 403) : own;
      },
    }));
    const outcomes = await runPropertyLayer(await startTestProvider(cautious), staging);
    const open = outcomes.filter(({ kind }) => kind === 'inconclusive');
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(0.1 * outcomes.length);
  });

  test('a run that fills its budget ends when all requests are rejected', async () => {
    let calls = 0;
    const closing = service('closes after a while', ({ authorize }) => ({
      authorize: (caller, route, call) =>
        (calls += 1) > 300 ? serviceError(call, 403) : authorize(caller, route, call),
    }));
    const outcomes = await runPropertyLayer(await startTestProvider(closing), {
      ...staging,
      fillsBudget: true,
    });
    expect(outcomes.at(-1)?.kind).toBe('inconclusive');
  });

  test('mutations are skipped if the state endpoint returns no token', async () => {
    const provider = await startTestProvider();
    const outcomes = await runPropertyLayer({ ...provider, stateUrl: `${provider.url}/` }, staging);
    expect(findingsOf(outcomes)).toEqual([]);
    const skipped = outcomes.filter(({ kind }) => kind === 'skipped').map(({ name }) => name);
    expect(skipped.toSorted()).toEqual([
      'auth-expired@get',
      'auth-expired@post',
      'auth-other-tenant@get',
      'auth-other-tenant@post',
      'auth-revoked@get',
      'auth-revoked@post',
    ]);
  });

  test('a write that a gateway answered may have been stored', async () => {
    const answered = new Set<string>();
    const slow = service('has a gateway that times out once for each report', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        const text = call.body.toString();
        if (call.method !== 'POST' || own.status !== 200 || !text.includes('mchWrite') || answered.has(text))
          return own;
        answered.add(text);
        return { status: 504, headers: { 'Content-Type': 'text/html' }, body: '<h1>504</h1>' };
      },
    }));
    const outcomes = await runPropertyLayer(await startTestProvider(slow), {
      ...staging,
      histories: 2,
      randomBodies: 0,
    });
    expect(findingsOf(outcomes).filter((one) => one.includes('state.'))).toEqual([]);
    const judged = outcomes.filter(({ kind, name }) => kind === 'evaluated' && name.startsWith('history-'));
    expect(judged).toHaveLength(2);
  });
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

  test('that occurs once is a minor finding', async () => {
    const outcomes = await runPropertyLayer(
      await startTestProvider(crashing((count) => count === 20)),
      staging,
    );
    expect(findingsOf(outcomes)).toEqual(['minor response.status.server-error']);
  });

  test('that occurs repeatedly is a critical finding', async () => {
    const outcomes = await runPropertyLayer(
      await startTestProvider(crashing((count) => count % 15 === 0)),
      staging,
    );
    expect(findingsOf(outcomes)).toContain('critical response.status.server-error');
  });
});

describe('a finding is reported', () => {
  test('beside another one that every response shows', async () => {
    let isFull = false;
    const both = service(
      'omits type in responses, and accepts any type with a non-empty body',
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
    const outcomes = await runPropertyLayer(await startTestProvider(both), {
      ...staging,
      mutatesRandomReports: true,
    });
    expect(findingsOf(outcomes)).toEqual(['major request.invalid.accepted', 'major response.body.schema']);
  });

  test('beside a constant one', async () => {
    let writes = 0;
    const both = service('answers as text, and crashes at every second report of FAILED', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        const isOdd = call.body.includes('"FAILED"') && (writes += 1) % 2 === 1;
        const headers = { ...own.headers, 'Content-Type': 'text/plain' };
        return isOdd ? { ...serviceError(call, 500), headers } : { ...own, headers };
      },
    }));
    const outcomes = await runPropertyLayer(await startTestProvider(both), { ...staging, concurrency: 1 });
    const codes = findingsOf(outcomes).map((one) => one.split(' ')[1]);
    expect(codes).toEqual(expect.arrayContaining(['response.status.server-error']));
    expect(codes).toEqual(expect.arrayContaining(['response.content-type.undocumented']));
  });

  test('if one type is rejected', async () => {
    const both = service(
      'rejects reports of INTERNAL, and stores no report of a history',
      ({ checks, write }) => ({
        checks: { ...checks, type: (value) => (value === 'INTERNAL' ? 'no' : checks.type(value)) },
        write(id, status) {
          if (!/-h\d/.test(JSON.stringify(status.body))) write(id, status);
        },
      }),
    );
    const plan = { ...staging, consistency: 'strong' } as const;
    expect(
      findingsOf(await runPropertyLayer(await startTestProvider(both), plan)).some((one) =>
        one.includes('state.history'),
      ),
    ).toBe(true);
  });

  test('if the control request passes by chance', async () => {
    let left = 0;
    const unstable = service('rejects a report with a large number and the next report', ({ finish }) => ({
      async finish(reply, call) {
        const own = await finish(reply, call);
        if (call.method !== 'POST' || own.status !== 200) return own;
        if (call.body.includes('{"x":9007199254740993}')) left = 2;
        return (left -= 1) >= 0 ? serviceError(call, 400, 'rejected') : own;
      },
    }));
    const outcomes = await runPropertyLayer(await startTestProvider(unstable), {
      ...staging,
      concurrency: 1,
      heavy: false,
    });
    expect(findingsOf(outcomes)).toContain('major request.valid.rejected');
  });
});

test('the corpus is run without the test cases that need strong consistency if the service is eventually consistent', async () => {
  const report = new WriteIds('own', Date.UTC(2020, 0, 1)).addTo(baseReport);
  const steps = [
    trackedWriteSpec(smallPlan.target, report, 'own'),
    readSpec({ target: smallPlan.target, expectation: 'accept' }),
  ];
  const corpus: TestCase[] = [{ name: 'of-corpus', suite: 'histories', steps, relation: 'linearizability' }];
  const outcomes = await runPropertyLayer(await startTestProvider(), {
    ...staging,
    corpus,
    randomBodies: 0,
    sequences: 0,
  });
  const skipped = outcomes.filter(({ name }) => name === 'of-corpus');
  expect(skipped).toEqual([expect.objectContaining({ kind: 'skipped', reason: 'eventually-consistent' })]);
});

test('writes of another run with the same seed are distinguished', async () => {
  const provider = await startTestProvider();
  // No other test writes to this managed client, so the first read returns the write of the previous run.
  const target = { ...smallPlan.target, managedClient: 'bClientId', types: ['CCG'] as const };
  const report = new WriteIds('own', Date.UTC(2020, 0, 1)).addTo(baseReport);
  const steps = [readSpec({ target, expectation: 'accept' }), trackedWriteSpec(target, report, 'own')];
  const corpus: TestCase[] = [{ name: 'own', suite: 'histories', steps, relation: 'linearizability' }];
  const again = { ...staging, corpus, randomBodies: 0, sequences: 0, consistency: 'strong' as const };
  expect(findingsOf(await runPropertyLayer(provider, again, { runId: 'one' }))).toEqual([]);
  expect(findingsOf(await runPropertyLayer(provider, again, { runId: 'two' }))).toEqual([]);
  expect(findingsOf(await runPropertyLayer(provider, again, { runId: 'two' }))).not.toEqual([]);
});
