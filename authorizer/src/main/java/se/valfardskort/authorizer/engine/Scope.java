package se.valfardskort.authorizer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.engine.sbe.ScopeKind;

/**
 * What an allowance covers: up to eight categories, merchant category codes and merchants, as eight bytes each in the
 * allowance's row. Owned by the core thread.
 *
 * <p>A category is a hash of its key, so that a later policy may list its categories in another order; {@link
 * ConfigurationCheck} sees to it that no two of a programme have the same. The upper byte says the kind.
 */
final class Scope {
  static final int MOST_ENTRIES = 8;
  static final int LENGTH = MOST_ENTRIES * Long.BYTES;

  /** A category without an entry of its own in any scope. */
  static final long NO_CATEGORY = 0;

  private static final int COUNTRIES_END = 1_000;
  private static final int KIND_SHIFT = 56;
  private static final long VALUE = (1L << KIND_SHIFT) - 1;
  private static final long CATEGORY = 1L << KIND_SHIFT;
  private static final long MCC = 2L << KIND_SHIFT;
  private static final long MERCHANT = 3L << KIND_SHIFT;

  /** The entries of a grant, one after the other, whichever command carries them. */
  interface Entries {
    int count();

    /** Goes on to the next entry; false: there is none. */
    boolean next();

    ScopeKind kind();

    int mcc();

    long acquirer();

    String merchantId();

    String category();
  }

  private Scope() {}

  /** The entry that stands for a category. */
  static long category(String key) {
    long hash = key.length();
    for (int index = 0; index < key.length(); index++) {
      hash = Hash.mix(hash, key.charAt(index));
    }
    return CATEGORY | (hash & VALUE);
  }

  /** Whether one of the first {@code entries} at {@code offset} speaks of that place. No entry speaks of all. */
  static boolean covers(UnsafeBuffer row, int offset, int entries, Place place, ProgrammeRules programme) {
    boolean covered = entries == 0;
    for (int index = 0; index < entries && !covered; index++) {
      long entry = row.getLong(offset + index * Long.BYTES);
      long value = entry & VALUE;
      covered =
          switch ((int) (entry >>> KIND_SHIFT)) {
            case 1 -> entry == programme.scopeOfCategory(place.category);
            case 2 -> value == place.mcc;
            default -> value == place.merchantRow;
          };
    }
    return covered;
  }

  /** Whether one of the first {@code entries} at {@code offset} is that merchant. */
  static boolean names(UnsafeBuffer row, int offset, int entries, int merchantRow) {
    for (int index = 0; index < entries; index++) {
      if (row.getLong(offset + index * Long.BYTES) == (MERCHANT | merchantRow)) {
        return true;
      }
    }
    return false;
  }

  /** The entries for people: {@code food}, {@code MCC 5411}, {@code merchant 123456 BUTIK0001}. Allocates. */
  static List<String> words(
      UnsafeBuffer row, int offset, int entries, ProgrammeRules programme, MerchantTable merchants) {
    List<String> words = new ArrayList<>();
    for (int index = 0; index < entries; index++) {
      long entry = row.getLong(offset + index * Long.BYTES);
      long value = entry & VALUE;
      words.add(
          switch ((int) (entry >>> KIND_SHIFT)) {
            case 1 -> programme.categoryOfScope(entry);
            case 2 -> String.format(Locale.ROOT, "MCC %04d", value);
            default -> "merchant " + merchants.name((int) value);
          });
    }
    return List.copyOf(words);
  }

  /** Whether a command may name these: numbers of countries or any ({@link AllowanceTable#ANY_COUNTRY}), 0 last. */
  static boolean areCountries(int first, int second, int third, int fourth) {
    boolean homeAlone = first == 0 && (second | third | fourth) != 0;
    return !homeAlone && isCountry(first) && isCountry(second) && isCountry(third) && isCountry(fourth);
  }

  private static boolean isCountry(int country) {
    return country < COUNTRIES_END || country == AllowanceTable.ANY_COUNTRY;
  }

  /** Why the scope of a grant cannot be; null: it can. {@code programme} is that of the account. */
  static @Nullable CommandRefusal fault(Entries scope, ProgrammeRules programme, MerchantTable merchants) {
    if (scope.count() > MOST_ENTRIES) {
      return CommandRefusal.SCOPE_INVALID;
    }
    int added = 0;
    while (scope.next()) {
      boolean known =
          switch (scope.kind()) {
            case CATEGORY -> programme.knowsScope(category(textOf(scope.category())));
            case MCC -> scope.mcc() > 0 && scope.mcc() < ProgrammeRules.MCCS;
            case MERCHANT -> scope.acquirer() >= 0 && !textOf(scope.merchantId()).isEmpty();
            case NULL_VAL -> false;
          };
      if (!known) {
        return CommandRefusal.SCOPE_INVALID;
      }
      added += scope.kind() == ScopeKind.MERCHANT ? 1 : 0;
    }
    return added > merchants.room() ? CommandRefusal.NO_ROOM : null;
  }

  /** Writes the entries of a grant; a merchant that nobody knew gets a row. Returns how many there are. */
  static int write(Entries scope, MerchantTable merchants, MutableDirectBuffer row, int offset) {
    int entries = 0;
    while (scope.next()) {
      long entry =
          switch (scope.kind()) {
            case CATEGORY -> category(textOf(scope.category()));
            case MCC -> MCC | scope.mcc();
            case MERCHANT -> MERCHANT | merchants.findOrAdd(scope.acquirer(), textOf(scope.merchantId()));
            case NULL_VAL -> throw new IllegalStateException("a scope of no kind was accepted");
          };
      row.putLong(offset + entries * Long.BYTES, entry);
      entries++;
    }
    return entries;
  }

  static String textOf(String padded) {
    return padded.replace("\0", "").stripTrailing();
  }
}
