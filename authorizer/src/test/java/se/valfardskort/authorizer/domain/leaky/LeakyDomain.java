package se.valfardskort.authorizer.domain.leaky;

import com.lmax.disruptor.RingBuffer;
import io.netty.buffer.ByteBuf;
import java.io.PrintStream;
import se.valfardskort.authorizer.engine.leaky.KnowsTheDomain;

/** Breaks the house's rules, one a member: the control that shows that {@code ArchitectureTest} can fail. */
public final class LeakyDomain {
  /** Up the arrow, and with it a cycle. */
  public abstract static class KnowsTheEngine {
    abstract KnowsTheDomain engine();
  }

  /** Netty outside the gateway. */
  public abstract static class KnowsNetty {
    abstract ByteBuf frame();
  }

  /** The Disruptor outside the pipeline. */
  public abstract static class KnowsTheDisruptor {
    abstract RingBuffer<Object> ring();
  }

  /** Money that rounds. */
  public static final class CountsInFloatingPoint {
    double amount;
  }

  /** Time that is not an argument. */
  public static final class ReadsTheClock {
    long now() {
      return System.nanoTime();
    }
  }

  /** A thread where there is one owner. */
  public static final class Waits {
    void pause() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  /** A log line. */
  public abstract static class Prints {
    abstract PrintStream log();
  }

  private LeakyDomain() {}
}
