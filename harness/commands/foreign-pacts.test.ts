import { describe, expect, test, beforeAll } from '@jest/globals';

import { cases, textOf } from '../../test-support/foreign-cases.ts';
import type { InteractionVerdict } from '../../test-support/foreign-pacts.ts';
import { runCommand, type CommandRun } from '../../test-support/run-command.ts';
import { startTestBroker } from '../../test-support/start-test-broker.ts';

/** The result of each interaction of a consumer, in the order of the pact. */
function resultsOf({ report: of }: CommandRun, consumer: string): InteractionVerdict[] {
  const groups =
    of?.groups.filter((group) => group.layer === 'contracts' && group.name.startsWith(`${consumer}: `)) ?? [];
  return groups
    .map(({ name, attempted, evaluated, findings }): readonly [string, InteractionVerdict] => {
      const severities =
        of?.findings.filter(({ id }) => findings.includes(id)).map(({ severity }) => severity) ?? [];
      if (severities.length > 0)
        return [name, severities.every((one) => one === 'minor') ? 'pending' : 'failed'];
      if (attempted === 0) return [name, 'skipped'];
      return [name, evaluated === attempted ? 'verified' : 'inconclusive'];
    })
    .map(([, result]) => result);
}

describe('pacts of other tools, from a broker', () => {
  let run: CommandRun;
  const published = new Map<string, boolean>();
  beforeAll(async () => {
    const broker = await startTestBroker();
    for (const one of cases) {
      const body = {
        pacticipantName: one.consumer,
        pacticipantVersionNumber: '1',
        branch: 'main',
        contracts: [
          {
            consumerName: one.consumer,
            providerName: 'managed-clients',
            content: Buffer.from(textOf(one)).toString('base64'),
          },
        ],
      };
      await fetch(`${broker.url}/contracts/publish`, { method: 'POST', body: JSON.stringify(body) });
    }
    const as = [
      '--publish-results',
      '--provider-version',
      '1',
      '--provider-branch',
      'main',
      '--enable-pending',
      'false',
    ];
    run = await runCommand(['run', 'contracts', '--target', 'reference', '--pacts', 'broker', ...as], {
      env: { PACT_BROKER_BASE_URL: broker.url },
    });
    for (const { path, body } of broker.requests) {
      const [, consumer] = /\/consumer\/([^/]+)\/.*\/verification-results$/.exec(path) ?? [];
      if (consumer !== undefined)
        published.set(decodeURIComponent(consumer), (body as { success: boolean }).success);
    }
  });

  test.each(cases.map((one) => [one.consumer, one.pact] as const))(
    '%s: the verdict, the report and the broker agree',
    (consumer, pact) => {
      expect([resultsOf(run, consumer).toSorted(), published.get(consumer)]).toEqual([
        pact.results.toSorted(),
        pact.published,
      ]);
    },
  );

  test('the run fails because of the failures, and lists what was not published', () => {
    expect([run.exitCode, run.stderr]).toEqual([1, '']);
    const inconclusive = run.report?.layers.at(-1)?.inconclusive.map(({ name }) => name) ?? [];
    expect(inconclusive).toContain('result of a message beside a read (4.0) 1 → managed-clients');
  });

  test('an unknown state comes with a suggestion', () => {
    const reasons = run.report?.layers.at(-1)?.inconclusive.map(({ reason }) => reason) ?? [];
    expect(reasons).toContain(
      'the state "a client has reported" is unknown: map it in mch.config.json, such as "states": { "a client has reported": "the managed client has reported" }',
    );
  });
});
