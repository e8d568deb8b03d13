// Dependencies point down: each folder imports only from lower ones. A violation names the import to use instead.
const TESTS = '\\.test\\.ts$|/test-support/';

/** What files in `from` may import within the repository; everything else in it is forbidden. */
function only(name, from, to, advice) {
  return {
    name,
    severity: 'error',
    comment: advice,
    from: { path: from, pathNot: TESTS },
    to: { path: '^(core|contracts|property|load|fixtures|harness|scripts)/', pathNot: to },
  };
}

module.exports = {
  forbidden: [
    only('core-http', '^core/http/', '^core/http/', 'core/http imports nothing else of the repository.'),
    only('core-api', '^core/api/', '^core/(http|api)/', 'core/api may import core/http.'),
    only(
      'core-judge',
      '^core/judge/',
      '^core/(http|api|judge)/',
      'The judge knows exchanges and the API, and no layer.',
    ),
    only(
      'core-entry',
      '^core/index\\.ts$',
      '^core/(http|api|judge)/',
      'core/index.ts exports only what k6 can load.',
    ),
    only('core-client', '^core/client/', '^core/(index\\.ts|client/)', 'core/client imports core/index.ts.'),
    only(
      'fixtures',
      '^fixtures/',
      '^(fixtures/|core/(http|api)/)',
      'A provider built on the judge would share its mistakes: import core/http and core/api.',
    ),
    only(
      'contracts-consumers',
      '^contracts/consumers/',
      '^(contracts/consumers/|core/index\\.ts|fixtures/examples/)',
      'Consumers know the API and the documented examples, not the judge.',
    ),
    only(
      'contracts-broker',
      '^contracts/broker/',
      '^contracts/broker/',
      'The broker client knows contracts, not what they are about.',
    ),
    only(
      'contracts',
      '^contracts/',
      '^(contracts/|core/index\\.ts|core/client/index\\.ts|fixtures/examples/)',
      'contracts imports core/index.ts and core/client/index.ts.',
    ),
    only(
      'property',
      '^property/',
      '^(property/|core/index\\.ts|core/client/index\\.ts)',
      'property imports core/index.ts and core/client/index.ts.',
    ),
    only(
      'load-scripts',
      '^load/scripts/',
      '^(load/scripts/|load/timing\\.ts|core/index\\.ts)',
      'Scripts that run in k6 import core/index.ts, load/timing.ts and each other.',
    ),
    only(
      'load',
      '^load/',
      '^(load/|core/index\\.ts|core/client/index\\.ts)',
      'load imports core/index.ts and core/client/index.ts.',
    ),
    only(
      'harness-settings',
      '^harness/settings/',
      '^(harness/(settings/|history/baseline|errors|messages|run/layer-names)|core/|contracts/index|contracts/broker/index|fixtures/faults/index)',
      'Settings are read before anything runs.',
    ),
    only(
      'harness-reports',
      '^harness/reports/',
      '^(harness/(reports|settings)/|harness/(errors|exit-code)\\.ts|harness/run/(collector|verdict|layer-names)\\.ts|harness/history/baseline\\.ts|core/index\\.ts|load/index\\.ts)',
      'Reports are made of outcomes: they import core/index.ts.',
    ),
    {
      name: 'no-node-in-k6',
      severity: 'error',
      comment: 'k6 has no Node: use what core/index.ts exports.',
      from: { path: '^(load/scripts/|core/(http|api|judge)/)', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one, or hide a third.',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.generated\\.|^dist/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
