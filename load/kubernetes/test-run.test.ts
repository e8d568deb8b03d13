import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

import { stressNames } from '../scripts/stress-profiles.ts';
import type { ClusterLoad } from './cluster-load.ts';
import { describeWith } from '../../harness/test-support/describe-with.ts';
import { goForTests } from '../../harness/test-support/tools.ts';
import { manifestsOf } from './test-run.ts';
import { thresholdsOf } from './thresholds.ts';

const go = await goForTests(process.env);

type Schema = Record<string, unknown>;

/** The schema of a TestRun, from the release of the operator that operator/go.sum pins. */
function testRunSchema(): ValidateFunction {
  const cwd = join(import.meta.dirname, 'operator');
  const args = ['mod', 'download', '-json', 'github.com/grafana/k6-operator'];
  const { Dir } = JSON.parse(execFileSync('go', args, { cwd, encoding: 'utf8' })) as { Dir: string };
  const text = readFileSync(join(Dir, 'config', 'crd', 'bases', 'k6.io_testruns.yaml'), 'utf8');
  const { spec } = parse(text) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
  };
  const version = spec.versions.find(({ name }) => name === 'v1alpha1');
  const ajv = new Ajv({ strictTypes: false, strictRequired: false, validateFormats: false });
  for (const name of ['int-or-string', 'map-type', 'list-type', 'list-map-keys', 'preserve-unknown-fields'])
    ajv.addKeyword(`x-kubernetes-${name}`);
  return ajv.compile(closed(version?.schema.openAPIV3Schema ?? {}));
}

/** Kubernetes drops members that it does not know without a word: here they are an error. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  const isClosed = properties !== undefined && additionalProperties === undefined;
  return {
    ...schema,
    ...(isSchema(items) && { items: closed(items) }),
    ...(isSchema(additionalProperties) && { additionalProperties: closed(additionalProperties) }),
    ...(isSchema(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, closed(one as Schema)]),
      ),
    }),
    ...(isClosed && { additionalProperties: false }),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const load: ClusterLoad = {
  shape: 'average',
  run: 'a1b2c3d4',
  baseUrl: 'https://tenant.api.example.com',
  client: 'aClientId',
  types: ['CCG', 'VA'],
  quota: { limit: 100, windowMs: 10_000 },
  writes: false,
  runners: 3,
  prometheus: 'http://prometheus:9090/api/v1/write',
};

const manifests = (more: Partial<ClusterLoad> = {}): readonly object[] =>
  manifestsOf({ ...load, ...more }, 'export default () => undefined;\n');

describeWith(go, () => {
  describe('a TestRun', () => {
    const isValid = testRunSchema();

    test.each(stressNames)('of the shape %s is as the operator wants it', (shape) => {
      for (const prometheus of [undefined, load.prometheus]) {
        const [, run] = manifests({ shape, prometheus });
        isValid(run);
        expect(isValid.errors ?? []).toEqual([]);
      }
    });

    test.each<[string, (spec: Schema) => Schema]>([
      ['a member that is misspelt', (spec) => ({ ...spec, paralelism: 3 })],
      ['no script', ({ script: _, ...spec }) => spec],
      ['a number that is text', (spec) => ({ ...spec, parallelism: '3' })],
      ['a volume that is none', (spec) => ({ ...spec, runner: { volumes: [{ secret: {} }] } })],
    ])('with %s is not', (_, change) => {
      const [, run] = manifests() as [object, { spec: Schema }];
      expect(isValid({ ...run, spec: change(run.spec) })).toBe(false);
    });

    test('takes its script and its token from where they are, and holds no token', () => {
      const [config, run] = manifests() as [{ data: Schema }, { spec: Schema }];
      expect(Object.keys(config.data)).toEqual(['script.js']);
      expect(run.spec).toMatchObject({
        parallelism: 3,
        script: { configMap: { name: 'mch-load-average-a1b2c3d4', file: 'script.js' } },
        runner: { volumes: [{ name: 'tokens', secret: { secretName: 'mch-load-token' } }] },
      });
    });
  });
});

test('the k6 of the runners is the one that is pinned here', () => {
  const [, run] = manifests() as [object, { spec: { runner: { image: string } } }];
  const pinned = readFileSync(join(import.meta.dirname, '..', 'k6-build', 'go.mod'), 'utf8');
  expect(pinned).toContain(`go.k6.io/k6/v2 v${run.spec.runner.image.split(':')[1]}`);
});

test('thresholds ask of all runners together, and of refusals only below the quota', () => {
  const names = (shape: ClusterLoad['shape']): unknown => {
    const { groups } = thresholdsOf({ ...load, shape }) as { groups: { rules: { alert: string }[] }[] };
    return groups[0]?.rules.map(({ alert }) => alert);
  };
  const always = ['MchLoadSlow', 'MchLoadDropped', 'MchLoadUnexpected'];
  expect([names('average'), names('spike')]).toEqual([[...always, 'MchLoadRefused'], always]);
});
