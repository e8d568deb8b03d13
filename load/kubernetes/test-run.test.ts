import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

import { describeWith } from '../../test-support/describe-with.ts';
import { goForTests } from '../../test-support/tools.ts';
import { stressNames } from '../scripts/stress-profiles.ts';
import type { ClusterLoad } from './cluster-load.ts';
import { manifestsOf } from './test-run.ts';

const go = await goForTests(process.env);

type Schema = Record<string, unknown>;

/** The schema of a TestRun, from the release that operator/go.sum pins. */
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

/** Kubernetes silently removes unknown members. Here they are errors. */
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
  profile: 'average',
  run: 'a1b2c3d4',
  baseUrl: 'https://tenant.api.example.com',
  managedClient: 'aClientId',
  types: ['CCG', 'VA'],
  quota: { limit: 100, windowMs: 10_000 },
  canWrite: false,
  runners: 3,
  prometheus: 'http://prometheus:9090/api/v1/write',
};

const manifests = (other: Partial<ClusterLoad> = {}): readonly object[] =>
  manifestsOf({ ...load, ...other }, 'export default () => undefined;\n');

describeWith(go, () => {
  describe('a TestRun', () => {
    let isValid: ValidateFunction;
    beforeAll(() => {
      isValid = testRunSchema();
    });

    test.each(stressNames)('of the profile %s is valid', (profile) => {
      for (const prometheus of [undefined, load.prometheus]) {
        const [, run] = manifests({ profile, prometheus });
        isValid(run);
        expect(isValid.errors ?? []).toEqual([]);
      }
    });

    test.each<[string, (spec: Schema) => Schema]>([
      ['a misspelt member', (spec) => ({ ...spec, paralelism: 3 })],
      ['no script', ({ script: _, ...spec }) => spec],
      ['a number that is text', (spec) => ({ ...spec, parallelism: '3' })],
      ['an invalid volume', (spec) => ({ ...spec, runner: { volumes: [{ secret: {} }] } })],
    ])('with %s is invalid', (_, change) => {
      const [, run] = manifests() as [object, { spec: Schema }];
      expect(isValid({ ...run, spec: change(run.spec) })).toBe(false);
    });

    test('refers to the script and the token, and contains no token', () => {
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

test('the runners use the pinned version of k6', () => {
  const [, run] = manifests() as [object, { spec: { runner: { image: string } } }];
  const pinned = readFileSync(join(import.meta.dirname, '..', 'k6-build', 'go.mod'), 'utf8');
  expect(pinned).toContain(`go.k6.io/k6/v2 v${run.spec.runner.image.split(':')[1]}`);
});
