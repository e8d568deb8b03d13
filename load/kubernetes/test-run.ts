import { nameOf, scriptOf, type ClusterLoad } from './cluster-load.ts';

/** The k6 that load/k6-build pins. The operator takes the latest one if nobody says. */
const IMAGE = 'grafana/k6:2.2.0';
const SCRIPT = 'script.js';
const TOKENS = '/tokens';
/** The Secret that holds the token of the load, as a file that k6 reads. */
export const TOKEN_SECRET = 'mch-load-token';

/**
 * What `kubectl apply` takes: the script, and a TestRun of the k6-operator that shares it out among its runners.
 * No secret is in it; the token comes from a Secret that the user makes, and `prometheus` is a URL without credentials.
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
    // The initializer is started as the runners are, where nothing else is said.
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
          // Percentiles of several runners can be told from histograms, and from nothing else.
          ['K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', 'true'],
        ] as const)),
  ];
}
