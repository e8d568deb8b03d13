import { nameOf, scriptOf, type ClusterLoad } from './cluster-load.ts';

/** The version that load/k6-build pins. The default of the operator is the latest version. */
const IMAGE = 'grafana/k6:2.2.0';
const SCRIPT = 'script.js';
const TOKENS = '/tokens';
/** The name of the Secret with the token of the load, which k6 reads from a file. */
export const TOKEN_SECRET = 'mch-load-token';

/**
 * The manifests for `kubectl apply`: a ConfigMap with the script, and a TestRun of the k6-operator that distributes it to
 * the runners. They contain no secrets: the user creates the Secret with the token.
 * @param bundle the load scripts as one module
 */
export function manifestsOf(load: ClusterLoad, bundle: string): readonly object[] {
  const name = nameOf(load);
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { [SCRIPT]: scriptOf(load, bundle) } },
    { apiVersion: 'k6.io/v1alpha1', kind: 'TestRun', metadata: { name }, spec: specOf(load) },
  ];
}

function specOf(load: ClusterLoad): object {
  const { runners: parallelism, prometheus } = load;
  return {
    parallelism,
    script: { configMap: { name: nameOf(load), file: SCRIPT } },
    arguments: [
      '--log-format=json',
      '--summary-mode=disabled',
      ...(prometheus === undefined ? [] : ['--out', 'experimental-prometheus-rw']),
    ].join(' '),
    // The operator also uses these values for its initializer.
    runner: {
      image: IMAGE,
      env: environmentOf(prometheus).map(([key, value]) => ({ name: key, value })),
      volumes: [{ name: 'tokens', secret: { secretName: TOKEN_SECRET } }],
      volumeMounts: [{ name: 'tokens', mountPath: TOKENS, readOnly: true }],
    },
  };
}

function environmentOf(prometheus: string | undefined): (readonly [string, string])[] {
  return [
    ['K6_SECRET_SOURCE', `file=${TOKENS}/tokens`],
    ['K6_NO_USAGE_REPORT', 'true'],
    ['K6_AUTO_EXTENSION_RESOLUTION', 'false'],
    ...(prometheus === undefined
      ? []
      : ([
          ['K6_PROMETHEUS_RW_SERVER_URL', prometheus],
          // Only histograms can be combined to percentiles of several runners.
          ['K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', 'true'],
        ] as const)),
  ];
}
