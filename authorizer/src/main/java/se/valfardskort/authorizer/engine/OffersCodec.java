package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import se.valfardskort.authorizer.domain.BonusRule;
import se.valfardskort.authorizer.domain.GrantKind;
import se.valfardskort.authorizer.domain.GrantRules;
import se.valfardskort.authorizer.domain.HolderOffers;

/**
 * A programme's {@link HolderOffers} as part of a {@link ConfigurationCodec configuration's bytes}. Any thread.
 *
 * <pre>
 *  offers       { list of kind, neighbours u16, answer hours u16, most in period u16, period months u16,
 *                 conviction months u16, misuse months u16, review percent u16, bonus i64, bonus months u16 }
 *    kind       { number u16, most i64, most in period i32, valid days u16, list of category text, list of MCC u16 }
 * </pre>
 */
final class OffersCodec {
  private OffersCodec() {}

  static void encode(ConfigurationCodec.Writer writer, HolderOffers offers) {
    GrantRules grants = offers.grants();
    writer.int32(grants.kinds().size());
    for (GrantKind kind : grants.kinds()) {
      writer.uint16(kind.number());
      writer.int64(kind.mostMinor());
      writer.int32(kind.mostInPeriod());
      writer.uint16(kind.validDays());
      writer.int32(kind.categories().size());
      for (String category : kind.categories()) {
        writer.text(category);
      }
      writer.int32(kind.mccs().size());
      for (int mcc : kind.mccs()) {
        writer.uint16(mcc);
      }
    }
    writer.uint16(grants.neighbours());
    writer.uint16(grants.answerHours());
    writer.uint16(grants.mostInPeriod());
    writer.uint16(grants.periodMonths());
    writer.uint16(grants.convictionMonths());
    writer.uint16(grants.misuseMonths());
    writer.uint16(grants.reviewPercent());
    writer.int64(offers.bonus().mostMinor());
    writer.uint16(offers.bonus().everyMonths());
  }

  static HolderOffers decode(ConfigurationCodec.Reader reader) {
    List<GrantKind> kinds = new ArrayList<>();
    for (int left = reader.size(2); left > 0; left--) {
      int number = reader.uint16();
      long mostMinor = reader.int64();
      int mostInPeriod = reader.int32();
      int validDays = reader.uint16();
      List<String> categories = new ArrayList<>();
      for (int names = reader.size(2); names > 0; names--) {
        categories.add(reader.text());
      }
      List<Integer> mccs = new ArrayList<>();
      for (int codes = reader.size(Short.BYTES); codes > 0; codes--) {
        mccs.add(reader.uint16());
      }
      kinds.add(new GrantKind(number, mostMinor, mostInPeriod, validDays, categories, mccs));
    }
    GrantRules grants =
        new GrantRules(
            kinds,
            reader.uint16(),
            reader.uint16(),
            reader.uint16(),
            reader.uint16(),
            reader.uint16(),
            reader.uint16(),
            reader.uint16());
    return new HolderOffers(grants, new BonusRule(reader.int64(), reader.uint16()));
  }
}
