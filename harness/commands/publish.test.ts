import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { BrokerStandIn } from '../../fixtures/broker/broker-stand-in.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { startTestBroker } from '../../test-support/start-test-broker.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';

const SECRET = 'a-broker-token-of-ours';
const withToken = { authorization: `Bearer ${SECRET}` };

const version = `test-${Date.now()}`;
const as = ['--consumer-version', version, '--branch', 'main'];
const results = ['--publish-results', '--provider-version', version, '--provider-branch', 'main'];
const verify = ['run', 'contracts', '--pacts', 'broker', ...results];
const verifyReference = [...verify, '--target', 'reference'];

/** The results that the stand-in received. */
function resultsIn(broker: BrokerStandIn): { success: boolean; testResults: { success: boolean }[] }[] {
  const published = broker.requests.filter(({ path }) => path.endsWith('/verification-results'));
  return published.map(({ body }) => body as ReturnType<typeof resultsIn>[number]);
}

describe('the committed pacts', () => {
  test('are published with labels; those that need the reference provider only with --arranged', async () => {
    const broker = await startTestBroker();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    const labels = ['--build-url', 'https://ci.example/1', '--tag', 'nightly'];
    const published = await runCommand(['publish', ...as, ...labels], { env });
    expect([published.exitCode, published.stderr]).toEqual([0, '']);
    expect(published.stdout).toContain('typescript-sdk → managed-clients: 20 interactions');
    expect(published.stdout).not.toContain('managed-clients-arranged');
    const bodies = broker.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(bodies[0]).toMatchObject({ tags: ['nightly'], buildUrl: 'https://ci.example/1', branch: 'main' });
    const arranged = await runCommand(['publish', ...as, '--arranged'], { env });
    expect(arranged.stdout).toContain('python-sdk → managed-clients-arranged: 6 interactions');
    // All pacts of a consumer are in one request.
    expect(broker.requests.filter(({ method }) => method === 'POST')).toHaveLength(6);
  });

  test('the request has selectors, pending and WIP, and the results name interactions', async () => {
    const broker = await startTestBroker();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runCommand(['publish', ...as, '--arranged'], { env });
    const verified = await runCommand(verifyReference, { env });
    expect(verified).toMatchObject({ exitCode: 0, report: { verdict: 'pass' } });
    // Both providers have pacts of the same consumer version, so no version is in the names.
    expect(verified.report?.groups.map(({ name }) => name)).toContain('go-sdk [pending]: a read of type CCG');
    const request = broker.requests.find(
      ({ method, path }) => method === 'POST' && path.endsWith('for-verification'),
    );
    expect(request?.body).toEqual({
      consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
      includePendingStatus: true,
      includeWipPactsSince: '2024-01-01',
      providerVersionBranch: 'main',
    });
    const published = resultsIn(broker);
    expect(published).toHaveLength(6);
    for (const result of published) {
      expect(result).toMatchObject({ success: true, providerApplicationVersion: version });
      expect(result.testResults.length).toBeGreaterThan(5);
    }
  });

  test('other selectors, without pending pacts', async () => {
    const broker = await startTestBroker();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runCommand(['publish', '--consumer-version', version, '--branch', 'feature'], { env });
    const selectors = '[{"branch":"feature","consumer":"go-sdk"},{"matchingBranch":true}]';
    const args = ['--consumer-version-selectors', selectors, '--enable-pending', 'false'];
    const run = await runCommand(['run', 'contracts', '--pacts', 'broker', ...args], { env });
    expect(run.exitCode).toBe(0);
    expect(run.report?.groups.map(({ consumer }) => consumer)).toContainEqual({
      name: 'go-sdk',
      version,
      isPending: false,
      selectedBy: 'latest from branch feature',
    });
    const request = broker.requests.findLast(({ method }) => method === 'POST');
    expect(request?.body).toEqual({
      consumerVersionSelectors: JSON.parse(selectors) as unknown,
      includePendingStatus: false,
      providerVersionBranch: 'main',
    });
  });

  test('one pact by its URL, as a webhook names it', async () => {
    const broker = await startTestBroker(withToken);
    const env = { PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: SECRET };
    await runCommand(['publish', ...as], { env });
    await runCommand(['run', 'contracts', '--pacts', 'broker'], { env });
    const address = broker.requests.find(({ path }) => path.includes('/go-sdk/pact-version/'))?.path;
    const origin = new URL(broker.url).origin;
    const run = await runCommand(
      ['run', 'contracts', '--target', 'reference', '--pacts', `${origin}${address}`, ...results],
      { env },
    );
    expect([run.exitCode, run.stderr, resultsIn(broker).length]).toEqual([0, '', 1]);
  });

  test('failures are published', async () => {
    const broker = await startTestBroker();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runCommand(['publish', ...as], { env });
    const { exitCode, report } = await runCommand([...verifyReference, '--fault', 'application-may-post'], {
      env,
    });
    // New pacts are pending, but the judge of the API finds the same defect.
    expect([exitCode, report?.findings.map(({ severity }) => severity).toSorted()]).toEqual([
      1,
      ['critical', 'minor'],
    ]);
    expect(resultsIn(broker).map(({ success }) => success)).toEqual([false, false, false]);
  });

  test('a pending pact that fails is a minor finding', async () => {
    const broker = await startTestBroker();
    const env = { PACT_BROKER_BASE_URL: broker.url };
    await runCommand(['publish', '--consumer-version', version, '--branch', 'feature'], { env });
    const pending = ['run', 'contracts', '--pacts', 'broker', '--fault', 'errors-say-nothing'];
    const run = await runCommand(pending, { env });
    expect(run.exitCode).toBe(0);
    const broken = run.report?.findings.find(({ code }) => code === 'contract.interaction.failed');
    expect(broken).toMatchObject({ severity: 'minor', documented: expect.stringContaining('[pending]') });
    // It is no longer pending after a version of the provider's branch has verified it.
    await runCommand(['publish', '--consumer-version', `${version}-main`, '--branch', 'main'], { env });
    await runCommand(verifyReference, { env });
    expect((await runCommand(pending, { env })).exitCode).toBe(1);
  });
});

describe('incomplete results', () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await startTestProvider();
  });
  afterAll(() => provider.close());

  test('are not published, and the report gives the reason', async () => {
    const broker = await startTestBroker();
    const { clientId, clientSecret } = provider.credentials.user;
    const env = {
      PACT_BROKER_BASE_URL: broker.url,
      SAIL_BASE_URL: provider.url,
      SAIL_CLIENT_ID: clientId,
      SAIL_CLIENT_SECRET: clientSecret,
      MCH_MANAGED_CLIENT: 'aClientId',
      MCH_PACE: 'none',
    };
    await runCommand(['publish', ...as], { env });
    const pending = await runCommand([...verify, '--allow', 'read,write'], { env });
    // Nothing was published.
    expect(pending.exitCode).toBe(3);
    expect(pending.stdout).toContain('a report without user context" was skipped');
    expect(resultsIn(broker)).toEqual([]);
    const onlyReads = ['--filter-consumer', 'go-sdk', '--filter-description', 'a read of'];
    const filtered = await runCommand([...verify, '--allow', 'read,write', ...onlyReads], { env });
    expect([filtered.exitCode, filtered.stdout]).toEqual([3, expect.stringContaining('" was skipped')]);
    expect(resultsIn(broker)).toEqual([]);
  });
});

describe('settings that contradict each other', () => {
  test.each([
    ['results without a broker', ['--publish-results'], 'add --pacts broker'],
    ['results without a version', ['--pacts', 'broker', '--publish-results'], 'set --provider-version'],
    ['a state endpoint without a target', ['--state-url', 'http://127.0.0.1:1'], 'set --target'],
  ])('%s', async (_, args, sentence) => {
    const env = { PACT_BROKER_BASE_URL: 'http://127.0.0.1:1' };
    const run = await runCommand(['run', 'contracts', ...args, '--target', 'reference'], { env });
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(sentence) });
  });
});
