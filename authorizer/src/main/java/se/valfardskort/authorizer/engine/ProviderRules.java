package se.valfardskort.authorizer.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.domain.Provider;
import se.valfardskort.authorizer.domain.ProviderStatus;

/**
 * The registry of community providers as flat tables. Owned by the core thread.
 *
 * <p>Owners are named by panToken, of cards that may be opened before or after: {@link #cardOpened} is told of each.
 */
final class ProviderRules {
  static final int NONE = -1;

  private final int[] providerOfMerchant;
  private final ProviderStatus[] statuses;
  private final int[][] bazIds;
  private final int[][] ownerAccounts;
  private final long[] ceilingsMinor;
  private final Map<Token, int[]> providersOfOwner = new HashMap<>();

  /** A panToken as a map's key. */
  private record Token(long first, long second, long third, long fourth) {
    static Token of(DirectBuffer bytes, int offset) {
      return new Token(
          bytes.getLong(offset), bytes.getLong(offset + 8), bytes.getLong(offset + 16), bytes.getLong(offset + 24));
    }
  }

  ProviderRules(List<Provider> providers, MerchantTable merchants, CardTable cards) {
    providerOfMerchant = new int[merchants.count()];
    Arrays.fill(providerOfMerchant, NONE);
    statuses = new ProviderStatus[providers.size()];
    bazIds = new int[providers.size()][];
    ownerAccounts = new int[providers.size()][0];
    ceilingsMinor = new long[providers.size()];
    for (int index = 0; index < providers.size(); index++) {
      Provider provider = providers.get(index);
      providerOfMerchant[merchants.find(provider.acquirer(), provider.merchantId())] = index;
      statuses[index] = provider.status();
      bazIds[index] = provider.bazIds().stream().mapToInt(Integer::intValue).toArray();
      ceilingsMinor[index] = provider.monthlyCeilingMinor();
      for (byte[] token : provider.ownerTokens()) {
        UnsafeBuffer bytes = new UnsafeBuffer(token);
        providersOfOwner.merge(Token.of(bytes, 0), new int[] {index}, ProviderRules::joined);
        int cardId = cards.find(bytes, 0);
        if (cardId != CardTable.MISSING) {
          cards.select(cardId);
          addOwner(index, cards.accountId());
        }
      }
    }
  }

  /** Off the hot path: a card was opened that may be an owner's. */
  void cardOpened(DirectBuffer token, int offset, int accountId) {
    if (providersOfOwner.isEmpty()) {
      return;
    }
    for (int provider : providersOfOwner.getOrDefault(Token.of(token, offset), new int[0])) {
      addOwner(provider, accountId);
    }
  }

  private void addOwner(int provider, int accountId) {
    ownerAccounts[provider] = joined(ownerAccounts[provider], new int[] {accountId});
  }

  private static int[] joined(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Returns the provider, or {@link #NONE}. */
  int ofMerchant(int merchantRow) {
    return merchantRow >= 0 && merchantRow < providerOfMerchant.length ? providerOfMerchant[merchantRow] : NONE;
  }

  ProviderStatus status(int provider) {
    return statuses[provider];
  }

  boolean isRecognizedBy(int provider, int bazId) {
    return contains(bazIds[provider], bazId);
  }

  boolean isOwnedBy(int provider, int accountId) {
    return contains(ownerAccounts[provider], accountId);
  }

  long ceilingMinor(int provider) {
    return ceilingsMinor[provider];
  }

  private static boolean contains(int[] values, int value) {
    for (int candidate : values) {
      if (candidate == value) {
        return true;
      }
    }
    return false;
  }
}
