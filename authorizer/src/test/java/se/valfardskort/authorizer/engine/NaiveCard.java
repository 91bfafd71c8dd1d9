package se.valfardskort.authorizer.engine;

import java.time.YearMonth;
import se.valfardskort.authorizer.engine.sbe.CardStatus;

/** A card of {@link NaiveModel}, on an account that other cards may share. */
final class NaiveCard {
  final NaiveAccount account;
  CardStatus status = CardStatus.ACTIVE;
  int reviewDay;
  YearMonth lastMonth = YearMonth.of(2030, 12);
  int pinTries = 3;
  int taps;

  NaiveCard(NaiveAccount account) {
    this.account = account;
  }
}
