package se.valfardskort.loadtest.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import se.valfardskort.iso8583.DecodeResult;
import se.valfardskort.iso8583.MessageReader;
import se.valfardskort.loadtest.client.TestIssuer;

/** The parts of the generator that need no server. */
class ScheduleTest {
  private static final long SEED = 20261122;

  @Test
  void shouldSpreadMessagesEvenlyAndExactly() {
    LoadSettings settings = settings(3, 2);

    assertEquals(0, settings.dueNs(0));
    assertEquals(333_333_333L, settings.dueNs(1));
    assertEquals(666_666_666L, settings.dueNs(2));
    assertEquals(1_000_000_000L, settings.dueNs(3));
    assertEquals(10_000_000_000_000_000L, settings.dueNs(30_000_000L), "no overflow, no drift");
    assertEquals(3 * 2, settings.total());
  }

  @Test
  void shouldChooseTheMixThatTheHelpStates() {
    Mix mix = new Mix(SEED, 1000);
    Map<LoadMessage.Kind, Integer> counts = new HashMap<>();
    LoadMessage message = new LoadMessage();
    int total = 100_000;

    for (int i = 0; i < total; i++) {
      message.stan = i % 999_999 + 1;
      mix.choose(message);
      counts.merge(message.kind, 1, Integer::sum);
      if (message.kind == LoadMessage.Kind.HOLD) {
        mix.approved(message.stan, message.card, message.amountMinor, 1_000_000);
      }
      assertTrue(message.amountMinor >= 10 && message.amountMinor <= 99, "seed " + SEED);
      assertTrue(message.card >= 0 && message.card < 1000, "seed " + SEED);
    }

    assertShare(60, counts.getOrDefault(LoadMessage.Kind.FOOD, 0), total);
    assertShare(10, counts.getOrDefault(LoadMessage.Kind.PROVIDER, 0), total);
    assertShare(15, counts.getOrDefault(LoadMessage.Kind.HOLD, 0), total);
    assertShare(15, counts.getOrDefault(LoadMessage.Kind.REVERSAL, 0), total);
  }

  @Test
  void shouldReverseEveryHoldAtMostOnceAndAsItWas() {
    Mix mix = new Mix(SEED, 50);
    LoadMessage message = new LoadMessage();
    Map<Integer, Long> open = new HashMap<>();
    Set<Integer> reversed = new HashSet<>();

    for (int stan = 1; stan <= 50_000; stan++) {
      message.stan = stan;
      mix.choose(message);
      if (message.kind == LoadMessage.Kind.HOLD) {
        open.put(stan, message.card * 100_000L + message.amountMinor);
        mix.approved(stan, message.card, message.amountMinor, 7_000_000 + stan);
      } else if (message.kind == LoadMessage.Kind.REVERSAL) {
        int original = message.originalStan;
        assertTrue(reversed.add(original), "STAN " + original + " is reversed twice, seed " + SEED);
        assertEquals(open.remove(original), message.card * 100_000L + message.amountMinor, "seed " + SEED);
        assertEquals(7_000_000 + original, message.originalEpochSecond);
      }
    }

    assertTrue(reversed.size() > 5_000, "reversals: " + reversed.size());
    assertTrue(open.size() <= 4096, "open holds: " + open.size());
  }

  @Test
  void shouldBuildTheSameFrameAgainFromTheSameMessage() {
    LoadMessage message = new LoadMessage();
    message.number = 5;
    message.kind = LoadMessage.Kind.REVERSAL;
    message.stan = 77;
    message.epochSecond = 1_795_390_215L; // 2026-11-22T23:30:15Z
    message.card = 7;
    message.amountMinor = 55;
    message.connection = 37;
    message.originalStan = 42;
    message.originalEpochSecond = 1_795_390_214L;
    ByteBuf first = Unpooled.buffer();
    ByteBuf second = Unpooled.buffer();

    new LoadFrames(settings(1, 1).endpoint(), "ABCDE").frame(message, first);
    new LoadFrames(settings(1, 1).endpoint(), "ABCDE").frame(message, second);

    assertEquals(ByteBufUtil.hexDump(first), ByteBufUtil.hexDump(second));
    MessageReader reader = new MessageReader(settings(1, 1).endpoint().dialect());
    assertEquals(DecodeResult.OK, reader.wrap(first, 2, first.readableBytes() - 2), reader.faultMessage());
    assertEquals(400, reader.mti());
    assertTrue(reader.textEquals(2, "9752000000000076"));
    assertEquals(55, reader.number(4));
    assertTrue(reader.textEquals(7, "1122233015"), "UTC");
    assertTrue(reader.textEquals(12, "003015"), "Stockholm");
    assertTrue(reader.textEquals(13, "1123"), "Stockholm");
    assertTrue(reader.textEquals(37, "632700000042"), "the original's reference");
    assertTrue(reader.textEquals(41, "LABCDE11"), "tag, and connection 37 in base 36");
    assertTrue(reader.textEquals(90, "0100" + "000042" + "1122233014" + "00000123456" + "00000000000"));
  }

  private static void assertShare(int percent, int count, int total) {
    assertTrue(Math.abs(count * 100.0 / total - percent) < 1, percent + " % expected, " + count + " of " + total
        + " came, seed " + SEED);
  }

  private static LoadSettings settings(int rate, int seconds) {
    try (TestIssuer issuer = TestIssuer.echoing()) {
      return new LoadSettings(issuer.endpoint(), rate, 0, seconds, 1, 10, SEED, false, 1000, 10, null);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
