package se.valfardskort.authorizer.app;

import java.io.PrintStream;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.app.config.CardPlan;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedApproval;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedCard;
import se.valfardskort.authorizer.app.config.CardPlan.PlannedEarmark;
import se.valfardskort.authorizer.app.config.CardTokens;
import se.valfardskort.authorizer.engine.ApprovalTerms;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.EarmarkTerms;
import se.valfardskort.authorizer.engine.LoadTerms;
import se.valfardskort.authorizer.engine.sbe.CardOpenEncoder;
import se.valfardskort.authorizer.engine.sbe.CardStatus;
import se.valfardskort.authorizer.engine.sbe.LoadEncoder;
import se.valfardskort.authorizer.engine.sbe.MessageHeaderEncoder;
import se.valfardskort.authorizer.engine.sbe.PoolFundEncoder;
import se.valfardskort.authorizer.engine.sbe.TreasuryFundEncoder;

/**
 * Opens and loads the cards of a demonstration that are not open yet, with the money and grants that they need.
 *
 * <p>Whatever was opened, loaded or paid in before stays as it is, so that a start with more cards adds the missing
 * ones, and a start that was cut off is completed by the next. Owned by the thread that starts the application.
 */
final class CardSeeder {
  private static final int NEW_ACCOUNT = -1;
  private static final int OUTSIDE_MONTHLY_RUN = 0;
  private static final int CARDS_BETWEEN_LINES = 100_000;

  private final CardPlan plan;
  private final CardTokens tokens;
  private final long[] keys;
  private final CardSurvey survey;
  private final CommandSender sender;
  private final PrintStream log;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final CardOpenEncoder open = new CardOpenEncoder();
  private final LoadEncoder load = new LoadEncoder();

  /** @param keys of {@link #keys} */
  CardSeeder(
      CardPlan plan, CardTokens tokens, long[] keys, CardSurvey survey, CommandSender sender, PrintStream log) {
    this.plan = plan;
    this.tokens = tokens;
    this.keys = keys;
    this.survey = survey;
    this.sender = sender;
    this.log = log;
  }

  /** What a survey knows the plan's cards by, in their order. A million takes most of a second. */
  static long[] keys(CardPlan plan, CardTokens tokens) {
    long[] keys = new long[plan.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = CardSurvey.keyOf(tokens.token(plan.bin(), plan.card(i).number()));
    }
    return keys;
  }

  /** Returns when all is durable; gives the number of cards that were opened. */
  int seed() throws StartFailure {
    int missing = 0;
    boolean moneyMissing = false;
    for (int i = 0; i < plan.size(); i++) {
      if (!survey.isOpen(keys[i])) {
        missing++;
      } else if (hasMoney(plan.card(i)) && !survey.isLoaded(keys[i])) {
        moneyMissing = true;
      }
    }
    boolean earmarkMissing = plan.earmarks().stream().anyMatch(each -> isMissing(each.terms()));
    if (missing > 0 || moneyMissing || earmarkMissing) {
      openAndLoad(missing);
    }
    grant();
    sender.awaitAll();
    return missing;
  }

  /** Approvals and earmarks that hold and were not granted yet; one that was ended stays ended. */
  private void grant() throws StartFailure {
    for (PlannedApproval planned : plan.approvals()) {
      ApprovalTerms terms = planned.terms();
      if (!survey.isGranted(terms.grantKey()) && terms.validUntilMs() > sender.epochMs()) {
        UnsafeBuffer token = new UnsafeBuffer(tokens.token(plan.bin(), planned.card()));
        sender.send("granting an approval of the plan", command -> Commands.approvalGrant(command, 0, token, 0, terms));
      }
    }
    for (PlannedEarmark planned : plan.earmarks()) {
      EarmarkTerms terms = planned.terms();
      if (isMissing(terms)) {
        UnsafeBuffer token = new UnsafeBuffer(tokens.token(plan.bin(), planned.card()));
        sender.send("granting an earmark of the plan", command -> Commands.earmarkGrant(command, 0, token, 0, terms));
      }
    }
  }

  private boolean isMissing(EarmarkTerms terms) {
    return !survey.isGranted(terms.grantKey()) && terms.validUntilMs() > sender.epochMs();
  }

  private void openAndLoad(int missing) throws StartFailure {
    fund(survey.cards() + (long) missing);
    for (int i = 0; i < plan.size(); i++) {
      PlannedCard card = plan.card(i);
      boolean open = survey.isOpen(keys[i]);
      boolean load = hasMoney(card) && !survey.isLoaded(keys[i]);
      if (!open || load) {
        byte[] token = token(i);
        if (!open) {
          open(card, token);
          survey.opened(keys[i]);
        }
        if (load) {
          load(card, token);
        }
      }
      if ((i + 1) % CARDS_BETWEEN_LINES == 0) {
        log.println("opening cards: " + (i + 1) + " of " + plan.size());
      }
    }
  }

  private byte[] token(int index) {
    return tokens.token(plan.bin(), plan.card(index).number());
  }

  private static boolean hasMoney(PlannedCard card) {
    return card.cashMinor() > 0 || card.hjartanMinor() > 0;
  }

  /** Pays in what {@code cards} cards and the earmarks need, less what was paid in before. */
  private void fund(long cards) throws StartFailure {
    long pool = plan.poolMinor(cards) - survey.poolMinor();
    if (pool > 0) {
      PoolFundEncoder fund = new PoolFundEncoder();
      sender.send("paying into the programme's pool", command -> {
        fund.wrapAndApplyHeader(command, 0, header).programmeId(plan.programmeId()).amountMinor(pool);
        return MessageHeaderEncoder.ENCODED_LENGTH + fund.encodedLength();
      });
    }
    long backing = Math.multiplyExact(cards, plan.backingPerCardMinor()) - survey.backingMinor();
    if (backing > 0) {
      TreasuryFundEncoder fund = new TreasuryFundEncoder();
      sender.send("paying into the treasury", command -> {
        fund.wrapAndApplyHeader(command, 0, header).amountMinor(backing);
        return MessageHeaderEncoder.ENCODED_LENGTH + fund.encodedLength();
      });
    }
  }

  private void open(PlannedCard card, byte[] token) throws StartFailure {
    sender.send("opening a card of the plan", command -> {
      open
          .wrapAndApplyHeader(command, 0, header)
          .putPanToken(token, 0, token.length)
          .accountId(NEW_ACCOUNT)
          .programmeId(plan.programmeId())
          .bazId(card.bazId())
          .expiryYearMonth(card.expiryYearMonth())
          .status(status(card.status()))
          .pinTriesLeft((short) card.pinTriesLeft());
      return MessageHeaderEncoder.ENCODED_LENGTH + open.encodedLength();
    });
  }

  private void load(PlannedCard card, byte[] token) throws StartFailure {
    sender.send("loading a card of the plan", command -> {
      load
          .wrapAndApplyHeader(command, 0, header)
          .putPanToken(token, 0, token.length)
          .period(OUTSIDE_MONTHLY_RUN)
          .cashMinor(card.cashMinor())
          .hjartanMinor(card.hjartanMinor())
          .runKey(LoadTerms.NO_RUN)
          .programmeId(plan.programmeId())
          .componentsCount(0);
      return MessageHeaderEncoder.ENCODED_LENGTH + load.encodedLength();
    });
  }

  private static CardStatus status(CardPlan.Status status) {
    return switch (status) {
      case ACTIVE -> CardStatus.ACTIVE;
      case FROZEN -> CardStatus.FROZEN;
      case LOST -> CardStatus.LOST;
      case STOLEN -> CardStatus.STOLEN;
      case CLOSED -> CardStatus.CLOSED;
    };
  }
}
