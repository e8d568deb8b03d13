import { stressProfiles, type StressProfile } from '../scripts/stress-profiles.ts';
import { UNDER_SHARE } from '../scripts/under-plan.ts';
import { nameOf, type ClusterLoad } from './cluster-load.ts';

/**
 * The thresholds of a shape as rules of Prometheus: k6 knows those of one runner only (k6-operator#413), and what they all
 * write to one Prometheus is the whole. They speak while the load lasts; the verdict comes from the logs.
 */
export function thresholdsOf(load: ClusterLoad): object {
  const { shape } = load;
  const { p95, stretches }: StressProfile = stressProfiles[shape];
  const of = (labels = ''): string => `{testrun_name="${nameOf(load)}"${labels}}`;
  const isBelow = stretches.every(({ share }) => share <= UNDER_SHARE);
  const alert = (name: string, expr: string, summary: string): object => ({
    alert: name,
    expr,
    annotations: { summary },
  });
  const rules = [
    alert(
      'MchLoadSlow',
      `histogram_quantile(0.95, sum(rate(k6_http_req_duration_seconds${of(',status="200"')}[1m]))) > ${p95 / 1000}`,
      `95 of 100 accepted answers take longer than ${p95} ms`,
    ),
    alert(
      'MchLoadDropped',
      `sum(k6_dropped_iterations_total${of()}) > 0`,
      'the runners could not send what is due: the load was another one',
    ),
    alert(
      'MchLoadUnexpected',
      `sum(k6_http_reqs_total${of(',status!~"200|429"')}) > 0`,
      'something else than 200 and 429 was answered',
    ),
    ...(isBelow
      ? [
          alert(
            'MchLoadRefused',
            `sum(k6_http_reqs_total${of(',status="429"')}) > 0`,
            'somebody was refused although the load is below the quota',
          ),
        ]
      : []),
  ];
  return { groups: [{ name: nameOf(load), rules }] };
}
