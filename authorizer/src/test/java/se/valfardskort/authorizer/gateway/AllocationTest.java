package se.valfardskort.authorizer.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import se.valfardskort.authorizer.pipeline.Slot;
import se.valfardskort.iso8583.Dialect;
import se.valfardskort.iso8583.FrameFormat;
import se.valfardskort.iso8583.MessageReader;

/** Reading, translating and answering a message allocates nothing, not on average but at all. */
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 20_000;
  private static final String TRACK = "9752000000000001=30121010000012345";
  private static final String CHIP = "9F3602000182021980";

  @ParameterizedTest
  @ValueSource(strings = {"iso87-binary", "iso87-ascii", "iso93-binary"})
  void shouldAllocateNothingAMessage(String name) {
    boolean of1993 = name.equals("iso93-binary");
    boolean packed = !name.equals("iso87-ascii");
    LinkSettings link = (of1993 ? Links.of1993() : Links.of(packed)).framing("binary2").settings();
    Dialect dialect = Dialect.load(link.dialectFile());
    FrameFormat format = FrameFormat.parse(link.framing());
    MessageReader reader = new MessageReader(dialect);
    RequestTranslator translator = new RequestTranslator(link, dialect, new PanTokenizer(Links.KEY));
    ReplyEncoder encoder = new ReplyEncoder(link, dialect, format);
    Slot slot = new Slot();
    byte[] body = of1993 ? Wire1993.purchase().with(35, TRACK).with(55, CHIP).body()
        : Links.purchase(packed).with(35, TRACK).with(55, CHIP).body();
    ByteBuf in = Unpooled.wrappedBuffer(body);
    ByteBuf out = Unpooled.buffer(1024);
    int decisionLength = decide(reader, translator, in, body.length, slot.decision);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertTrue(threads.isThreadAllocatedMemorySupported());

    long allocated = -1;
    for (int round = 0; round < 2; round++) {
      int rounds = round == 0 ? WARM_UP : MEASURED;
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < rounds; i++) {
        reader.wrap(in, 0, body.length);
        slot.commandLength = translator.translate(reader);
        slot.command.putBytes(0, translator.command(), 0, slot.commandLength);
        slot.echoLength = EchoBlock.write(reader, in, 0, 0, slot.echo);
        reader.wipe();
        slot.decisionLength = decisionLength;
        out.clear();
        encoder.encode(slot, out);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }

    assertTrue(out.isReadable());
    // The measuring itself may allocate once; a single byte a message would be 20,000.
    assertEquals(0, allocated / MEASURED, "bytes a message; in all " + allocated);
    assertTrue(allocated < 4_096, "bytes in " + MEASURED + " messages: " + allocated);
  }

  @Test
  void shouldAllocateNextToNothingOnTheEventLoop() throws Exception {
    int batch = 50;
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    for (int i = 0; i < batch; i++) {
      segment.writeBytes(Links.purchase(true).with(11, String.format("%06d", i)).frame());
    }
    byte[] frames = segment.toByteArray();
    try (GatewayFixture gateway = new GatewayFixture(true, Links.binary()); Client client = gateway.connect()) {
      gateway.pipeline.stopRecording();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int i = 0; i < 400; i++) {
        exchange(client, frames, batch);
      }
      long loop = eventLoop(threads);
      long before = threads.getThreadAllocatedBytes(loop);
      for (int i = 0; i < 400; i++) {
        exchange(client, frames, batch);
      }
      long allocated = threads.getThreadAllocatedBytes(loop) - before;

      // What Netty allocates a read and a task, shared by the frames of the read; ours is nothing.
      assertTrue(allocated / (400L * batch) < 8, "bytes a message on the event loop: " + allocated / (400.0 * batch));
    }
  }

  private static void exchange(Client client, byte[] frames, int count) throws IOException {
    client.send(frames);
    for (int i = 0; i < count; i++) {
      client.receiveBody();
    }
  }

  private static long eventLoop(ThreadMXBean threads) {
    long found = -1;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("gateway")) {
        assertEquals(-1, found, "one event loop");
        found = thread.getThreadId();
      }
    }
    return found;
  }

  private static int decide(
      MessageReader reader, RequestTranslator translator, ByteBuf in, int length, UnsafeBuffer decision) {
    reader.wrap(in, 0, length);
    UnsafeBuffer command = new UnsafeBuffer(new byte[Slot.COMMAND_CAPACITY]);
    int commandLength = translator.translate(reader);
    command.putBytes(0, translator.command(), 0, commandLength);
    return FakePipeline.decide(command, decision, Slot.Outcome.DECIDED);
  }
}
