package se.valfardskort.iso8583;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate: framing, reading, answering and refusing allocate exactly nothing once warm. */
class AllocationTest {
  private static final int MESSAGES = 5_000;
  private static final int ROUNDS = 12;
  private static final byte[] SCRATCH = new byte[1024];
  private static volatile byte[] escaped = SCRATCH;

  /** What a gateway does with a frame: cut, read, look at fields, answer with echoes. */
  private static long once(
      FrameFormat format, MessageReader reader, MessageWriter writer, ByteBuf in, ByteBuf out, DecodeResult expected) {
    int length = format.frameLength(in, 0);
    int from = format.headerLength() + format.fixedHeaderLength();
    DecodeResult result = reader.wrap(in, from, length - format.fixedHeaderLength());
    if (result != expected) {
      throw new IllegalStateException(result + ": " + reader.faultMessage());
    }
    long sum = (long) reader.mti() + reader.faultDe();
    out.clear();
    int start = format.startAnswer(out, in, format.headerLength());
    writer.begin(out, 110);
    for (int de = 2; de <= Dialect.MAX_DE; de++) {
      if (reader.readable(de)) {
        sum += reader.number(de) + reader.length(de);
        sum += reader.dialect().isBinary(de) ? reader.copyBinary(de, SCRATCH, 0) : reader.copyText(de, SCRATCH, 0);
        if (de < 38) {
          writer.copyField(de, reader);
        }
      }
    }
    writer.text(38, "A1B2C3");
    writer.number(39, 0);
    writer.text(44, SCRATCH, 0, 0);
    writer.number(70, 301);
    writer.end();
    format.finish(out, start);
    return sum;
  }

  @ParameterizedTest
  @CsvSource({
    "iso87-binary, binary2, true, false", "iso87-ascii, ascii4, true, false",
    "iso87-binary, binary2+tpdu, false, false", "iso87-binary, binary2, true, true", "iso87-ascii, ascii4, false, true"
  })
  void shouldAllocateNothing(String name, String framing, boolean direct, boolean damaged) {
    Dialect dialect = Dialects.load(name);
    FrameFormat format = FrameFormat.parse(framing);
    MessageReader reader = new MessageReader(dialect);
    MessageWriter writer = new MessageWriter(dialect);
    PooledByteBufAllocator buffers = PooledByteBufAllocator.DEFAULT;
    ByteBuf in = direct ? buffers.directBuffer(2048) : buffers.heapBuffer(2048);
    ByteBuf out = direct ? buffers.directBuffer(2048) : buffers.heapBuffer(2048);
    int start = format.startRequest(in);
    SampleMessage.write(writer, in);
    if (damaged) {
      in.writeByte(0);
    }
    format.finish(in, start);
    DecodeResult expected = damaged ? DecodeResult.FAULT : DecodeResult.OK;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long sum = 0;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MESSAGES; i++) {
        sum += once(format, reader, writer, in, out, expected);
      }
      // The least of the rounds: the first ones compile, and the tools that measure may allocate now and then.
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    in.release();
    out.release();

    assertEquals(0, least, "bytes in the best of " + ROUNDS + " rounds of " + MESSAGES + " messages, sum " + sum);
  }

  /** The negative control: one small array a message must show, or the gate measures nothing. */
  @Test
  void shouldSeeWhatIsAllocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;

    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MESSAGES; i++) {
        escaped = new byte[16];
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertTrue(least >= 16L * MESSAGES, "saw " + least + " bytes, kept " + escaped.length);
  }
}
