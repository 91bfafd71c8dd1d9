package se.valfardskort.independent.model;

import org.jspecify.annotations.Nullable;
import se.valfardskort.independent.WireMessage;

/** The model of one ordinary card of the demo programme, for whoever decides in which order messages came. */
public final class CardTwin {
  private final CardModel model;
  private @Nullable Expected last;
  private int commands;
  private long nowMs;

  /** A card that has seen nothing yet. */
  public CardTwin(int number) {
    Laws laws = new Laws();
    model = new CardModel(Card.of(number), laws, nowMs, new Settlement(laws));
  }

  /** DE 2 of a card. */
  public static String pan(int number) {
    return Card.of(number).pan(true);
  }

  /**
   * Decides the next message.
   *
   * @param timeMs when it was decided, milliseconds since the epoch; never earlier than the last
   * @return DE 39
   */
  public String answer(WireMessage message, long timeMs) {
    model.book.timePasses(timeMs - nowMs);
    nowMs = timeMs;
    Expected expected = model.answer(message, commands++);
    last = expected;
    return expected.code();
  }

  /** Why, in the model's words. */
  public String why() {
    return last == null ? "" : String.valueOf(last.reason());
  }

  /** The DE 38 that was minted for the last message. */
  public void learn(String code) {
    model.learn(code);
  }

  /** Minor units. */
  public long cash() {
    return model.book.cash();
  }

  /** Minor units. */
  public long hjartan() {
    return model.book.hjartan();
  }
}
