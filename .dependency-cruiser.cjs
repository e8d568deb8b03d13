// The import direction, lowest first: core/http, core/api, core/judge, core/node, core/client and fixtures, the three layers,
// harness. Each folder imports only from lower ones.
const TESTS = '\\.test\\.ts$|/test-support/|^test-support/';

const folders = '^(core|contracts|property|load|fixtures|harness|scripts|docs|test-support)/';

/** Files in `from` may import only files in `to`. The comment appears in the error. */
function only(name, from, to, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: TESTS },
    to: { path: folders, pathNot: to },
  };
}

const CORE = 'core/index\\.ts';
const CLIENT = 'core/client/index\\.ts';
const NODE = 'core/node/index\\.ts';

module.exports = {
  forbidden: [
    only('core-http', '^core/http/', '^core/http/', 'core/http imports only itself.'),
    only('core-api', '^core/api/', '^core/(http|api)/', 'core/api may import core/http.'),
    only('core-judge', '^core/judge/', '^core/(http|api|judge)/', 'The judge does not know the layers.'),
    only(
      'core-entry',
      '^core/index\\.ts$',
      '^core/(http|api|judge)/',
      'core/index.ts exports only modules that k6 can load.',
    ),
    only('core-node', '^core/node/', '^core/node/', 'core/node imports only itself.'),
    only(
      'core-client',
      '^core/client/',
      `^(${CORE}|core/client/|${NODE})`,
      'core/client may import core/index.ts and core/node/index.ts.',
    ),
    only(
      'fixtures',
      '^fixtures/',
      `^(fixtures/|core/(http|api)/|${NODE})`,
      'A provider that used the judge would share its mistakes: import core/http, core/api and core/node.',
    ),
    only(
      'contracts-consumers',
      '^contracts/consumers/',
      `^(contracts/consumers/|${CORE}|${NODE}|fixtures/examples/)`,
      'Consumers know the API and the documented examples.',
    ),
    only(
      'contracts-broker',
      '^contracts/broker/',
      `^(contracts/(broker|pact-files)/|${NODE})`,
      'The broker client knows pacts, but not how they are verified.',
    ),
    only(
      'contracts',
      '^contracts/',
      `^(contracts/|${CORE}|${CLIENT}|${NODE}|fixtures/examples/)`,
      'contracts may import the entry points of core.',
    ),
    only(
      'property',
      '^property/',
      `^(property/|${CORE}|${CLIENT})`,
      'property may import core/index.ts and core/client/index.ts.',
    ),
    only(
      'load-scripts',
      '^load/(scripts/|timing\\.ts)',
      `^(load/scripts/|load/timing\\.ts|${CORE})`,
      'Scripts that run in k6 import core/index.ts, load/timing.ts and each other.',
    ),
    only('load', '^load/', `^(load/|${CORE}|${CLIENT}|${NODE})`, 'load may import the entry points of core.'),
    only(
      'harness-settings',
      '^harness/settings/',
      `^(harness/(settings/|history/baseline|errors|io|run/layer-names)|${CORE}|${CLIENT}|${NODE}|contracts/(broker/)?index|fixtures/faults/index|fixtures/provider/store)`,
      'Settings are read before anything runs.',
    ),
    only(
      'harness-reports',
      '^harness/reports/',
      `^(harness/(reports|settings)/|harness/(errors|exit-code)\\.ts|harness/run/(collector|traffic|verdict|layer-names|replay/replay)\\.ts|harness/fault-matrix/fault-matrix\\.cases\\.ts|harness/history/baseline\\.ts|${CORE})`,
      'Reports are made from collected outcomes.',
    ),
    only(
      'harness',
      '^harness/',
      `^(harness/|${CORE}|${CLIENT}|${NODE}|(contracts|property|load)/index\\.ts|contracts/(broker|comparison)/index\\.ts|fixtures/(faults/index|provider/(server|store))\\.ts)`,
      'The harness uses the entry points of the layers.',
    ),
    {
      name: 'no-node-in-k6',
      severity: 'error',
      comment: 'k6 does not provide the modules of Node.',
      from: { path: '^(load/(scripts/|timing\\.ts)|core/(http|api|judge)/)', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      comment: 'Sources do not import test support.',
      from: { path: folders, pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that need each other belong together, or share a third.',
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
