package se.valfardskort.benchmarks;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jpos.iso.ISOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A benchmark that JMH does not find, or that compares unlike work, measures nothing. */
class CodecBenchmarkTest {
  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii"})
  void shouldCompareEqualWork(String dialect) throws ISOException {
    CodecBenchmark benchmark = new CodecBenchmark();
    benchmark.dialectName = dialect;

    benchmark.prepare();

    assertNotEquals(0, benchmark.oursDecode());
    benchmark.release();
  }

  @Test
  void shouldBeFoundByJmh() throws IOException {
    try (InputStream in = CodecBenchmark.class.getResourceAsStream("/META-INF/BenchmarkList")) {
      String list = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String method : new String[] {"oursDecode", "oursDecodeAndEncode", "jposDecode", "jposDecodeAndEncode"}) {
        assertTrue(list.contains("CodecBenchmark_" + method + "_jmhTest"), method);
      }
    }
  }
}
