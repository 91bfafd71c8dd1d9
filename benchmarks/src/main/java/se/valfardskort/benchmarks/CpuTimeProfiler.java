package se.valfardskort.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Processor time an operation, beside the wall time that JMH measures: on a machine that is doing other things the
 * latter counts waiting for a turn, the former does not (caches and memory are shared all the same).
 *
 * <p>Counts the whole forked process, so a benchmark that other threads work for reads higher. JMH instantiates it.
 */
public final class CpuTimeProfiler implements InternalProfiler {
  /** Name of the result. */
  static final String RESULT = "cpu.time";

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private long beforeNs;

  @Override
  public String getDescription() {
    return "processor time of the forked process an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    beforeNs = system.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long spentNs = system.getProcessCpuTime() - beforeNs;
    long operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(new ScalarResult(RESULT, (double) spentNs / operations, "ns/op", AggregationPolicy.AVG));
  }
}
