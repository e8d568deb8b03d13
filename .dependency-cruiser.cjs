// Lower floors never import higher ones. Each rule names the door to use instead.
const TESTS = '\\.test\\.ts$';

/** What files in `from` may import within the repository; everything else in it is forbidden. */
function only(name, from, to, door) {
  return {
    name,
    severity: 'error',
    comment: door,
    from: { path: from, pathNot: TESTS },
    to: { path: '^(contracts|property|load|fixtures|harness)/', pathNot: to },
  };
}

module.exports = {
  forbidden: [
    only(
      'http-is-the-ground',
      '^contracts/http/',
      '^contracts/http/',
      'contracts/http imports nothing of ours.',
    ),
    only(
      'api-stands-on-http',
      '^contracts/api/',
      '^contracts/(http|api)/',
      'contracts/api may import contracts/http.',
    ),
    only(
      'oracle-stands-on-api',
      '^contracts/oracle/',
      '^contracts/(http|api|oracle)/',
      'The judge knows the API and exchanges, and no layer.',
    ),
    only(
      'door-is-k6-safe',
      '^contracts/index\\.ts$',
      '^contracts/(http|api|oracle)/',
      'The door opens to what k6 can load.',
    ),
    only(
      'target-uses-the-door',
      '^contracts/target/',
      '^contracts/(index\\.ts|target/)',
      'contracts/target imports contracts/index.ts.',
    ),
    only(
      'consumers-know-the-api',
      '^contracts/consumers/',
      '^contracts/(index\\.ts|consumers/)|^fixtures/examples/',
      'Consumers pin the API; they know nothing of the judge. The examples are data that all may read.',
    ),
    only(
      'verification-uses-doors',
      '^contracts/verification/',
      '^contracts/(index\\.ts|(target|broker)/index\\.ts|verification/)',
      'contracts/verification imports contracts/index.ts and the doors of target and broker.',
    ),
    only(
      'comparison-uses-doors',
      '^contracts/comparison/',
      '^contracts/(index\\.ts|verification/index\\.ts|consumers/(sdk|tolerances)\\.ts|comparison/)',
      'A comparison knows what consumers rely on and survive, and no target.',
    ),
    only(
      'broker-knows-pacts-only',
      '^contracts/broker/',
      '^contracts/broker/',
      'A broker keeps contracts: what they are about is none of its business.',
    ),
    only(
      'fixtures-know-no-judge',
      '^fixtures/',
      '^(fixtures/|contracts/(http|api)/)',
      'A provider built on the judge would share its mistakes: import contracts/http and contracts/api.',
    ),
    only(
      'property-uses-doors',
      '^property/',
      '^(property/|contracts/index\\.ts|contracts/target/index\\.ts)',
      'property imports contracts/index.ts and contracts/target/index.ts.',
    ),
    only(
      'k6-scripts-use-the-door',
      '^load/k6/',
      '^(load/k6/|contracts/index\\.ts)',
      'What k6 runs imports contracts/index.ts and its siblings.',
    ),
    only(
      'load-uses-doors',
      '^load/[^/]+\\.ts$|^load/verdicts/',
      '^(load/|contracts/index\\.ts|contracts/target/index\\.ts)',
      'load imports contracts/index.ts and contracts/target/index.ts.',
    ),
    only(
      'benchmarks-are-tests',
      '^load/bench/',
      '^(load/|contracts/index\\.ts|fixtures/examples/)',
      'A benchmark measures load and the judge; nothing else may need it.',
    ),
    only(
      'settings-know-no-command',
      '^harness/settings/',
      '^(harness/(settings/|errors\\.ts|messages\\.ts|layer-names\\.ts)|contracts/index\\.ts|contracts/(target|broker)/index\\.ts|contracts/consumers/toolchain\\.ts|fixtures/faults/index\\.ts)',
      'Settings are filled before anything runs.',
    ),
    only(
      'reports-know-no-layer',
      '^harness/reports/',
      '^(harness/(reports|settings)/|harness/(collector|verdict|errors|layer-names|exit-code)\\.ts|contracts/index\\.ts)',
      'Reports are made of outcomes: they import contracts/index.ts and no layer.',
    ),
    {
      name: 'no-node-in-k6',
      severity: 'error',
      comment: 'k6 has no Node: use what contracts/index.ts gives.',
      from: { path: '^(load/k6/|contracts/(http|api|oracle)/)', pathNot: TESTS },
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
