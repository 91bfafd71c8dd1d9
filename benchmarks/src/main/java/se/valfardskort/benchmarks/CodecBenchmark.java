package se.valfardskort.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jpos.iso.ISOException;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.GenericPackager;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.iso8583.MessageWriter;

/**
 * A purchase in, its answer out: read a 0100 of nineteen fields, look at the same fifteen of them, write the 0110 with
 * the same sixteen fields; ours beside jPOS's GenericPackager, both from our own dialect file.
 *
 * <p>Both start from and end in bytes at rest: ours in pooled direct buffers, as Netty hands them over, jPOS's in
 * arrays. Before measuring, the two answers are compared byte for byte.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else.
public class CodecBenchmark {
  /** What an answer repeats of its request, wire.md section 3. */
  private static final int[] ECHOED = {2, 3, 4, 7, 11, 12, 13, 32, 37};
  /** The rest of it, behind the fields that the answer adds. */
  private static final int[] ECHOED_LATER = {41, 42, 49};
  /** What a decision needs as a number. */
  private static final int[] NUMBERS = {3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 49};
  /** What a decision needs as text. */
  private static final int[] TEXTS = {2, 41, 42};

  @Param({"iso87-binary", "iso87-ascii"})
  public String dialectName = "iso87-binary";

  private final byte[] scratch = new byte[1024];
  private final byte[] balance = "9602752C0000006750509802752C000000300000".getBytes(StandardCharsets.ISO_8859_1);
  private final String balanceText = new String(balance, StandardCharsets.ISO_8859_1);
  private ByteBuf request = PooledByteBufAllocator.DEFAULT.directBuffer(1024);
  private ByteBuf answer = PooledByteBufAllocator.DEFAULT.directBuffer(1024);
  private byte[] requestBytes = new byte[0];
  private int length;
  private MessageReader reader;
  private MessageWriter writer;
  private GenericPackager jpos;

  /** Loads both codecs and proves that they do the same work. */
  @Setup
  public void prepare() throws ISOException {
    Path file = Path.of(System.getProperty("project.root", "."), "config", "dialects", dialectName + ".xml");
    Dialect dialect = Dialect.load(file);
    reader = new MessageReader(dialect);
    writer = new MessageWriter(dialect);
    jpos = new GenericPackager(file.toString());
    length = writeRequest();
    requestBytes = new byte[length];
    request.getBytes(0, requestBytes);

    long ours = oursDecodeAndEncode();
    byte[] answerBytes = new byte[answer.readableBytes()];
    answer.getBytes(0, answerBytes);
    ISOMsg decoded = jposUnpack();
    if (ours != jposSum(decoded) || !Arrays.equals(answerBytes, jposEncode(decoded))) {
      throw new IllegalStateException("ours and jPOS do not do the same work in " + dialectName);
    }
  }

  /** Gives the buffers back. */
  @TearDown
  public void release() {
    request.release();
    answer.release();
  }

  private int writeRequest() {
    writer.begin(request, 100);
    writer.text(2, "9752000000000018");
    writer.number(3, 0);
    writer.number(4, 24_950);
    writer.number(7, 1_122_033_044L);
    writer.number(11, 4711);
    writer.number(12, 43_044);
    writer.number(13, 1122);
    writer.number(14, 3012);
    writer.number(18, 5411);
    writer.number(22, 51);
    writer.number(25, 0);
    writer.number(32, 123_456);
    writer.text(35, "9752000000000018=301222100000");
    writer.text(37, "632604004711");
    writer.text(41, "TERM0001");
    writer.text(42, "ODLING000000001");
    writer.text(43, "ODLINGSFORENINGEN       TUMBA        SWE");
    writer.number(49, 752);
    writer.text(60, "0000000001");
    return writer.end();
  }

  /** Ours: read, look, answer. */
  @Benchmark
  public long oursDecodeAndEncode() {
    if (reader.wrap(request, 0, length) != DecodeResult.OK) {
      throw new IllegalStateException(reader.faultMessage());
    }
    long sum = oursSum();
    answer.clear();
    writer.begin(answer, reader.mti() + 10);
    for (int de : ECHOED) {
      writer.copyField(de, reader);
    }
    writer.text(38, "A1B2C3");
    writer.number(39, 0);
    for (int de : ECHOED_LATER) {
      writer.copyField(de, reader);
    }
    writer.text(54, balance, 0, balance.length);
    writer.text(60, "R001");
    writer.end();
    return sum;
  }

  /** Ours: read and look only. */
  @Benchmark
  public long oursDecode() {
    if (reader.wrap(request, 0, length) != DecodeResult.OK) {
      throw new IllegalStateException(reader.faultMessage());
    }
    return oursSum();
  }

  private long oursSum() {
    long sum = 0;
    for (int de : NUMBERS) {
      sum += reader.number(de);
    }
    for (int de : TEXTS) {
      int count = reader.copyText(de, scratch, 0);
      sum += count + scratch[count - 1];
    }
    return sum;
  }

  /** The same work with jPOS. */
  @Benchmark
  public byte[] jposDecodeAndEncode(Blackhole sink) throws ISOException {
    ISOMsg message = jposUnpack();
    sink.consume(jposSum(message));
    return jposEncode(message);
  }

  /** Reading and looking only, with jPOS. */
  @Benchmark
  public long jposDecode() throws ISOException {
    return jposSum(jposUnpack());
  }

  private ISOMsg jposUnpack() throws ISOException {
    ISOMsg message = new ISOMsg();
    message.setPackager(jpos);
    message.unpack(requestBytes);
    return message;
  }

  private static long jposSum(ISOMsg message) {
    long sum = 0;
    for (int de : NUMBERS) {
      sum += Long.parseLong(message.getString(de));
    }
    for (int de : TEXTS) {
      String text = message.getString(de);
      sum += text.length() + text.charAt(text.length() - 1);
    }
    return sum;
  }

  private byte[] jposEncode(ISOMsg message) throws ISOException {
    ISOMsg out = new ISOMsg();
    out.setPackager(jpos);
    out.setMTI("0110");
    for (int de : ECHOED) {
      out.set(de, message.getString(de));
    }
    for (int de : ECHOED_LATER) {
      out.set(de, message.getString(de));
    }
    out.set(38, "A1B2C3");
    out.set(39, "00");
    out.set(54, balanceText);
    out.set(60, "R001");
    return out.pack();
  }
}
