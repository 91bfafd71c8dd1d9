package se.valfardskort.authorizer.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that approvals and earmarks have in common: for what, where, from when until when, how often. */
final class GrantOptions {
  @Option(
      names = "--until",
      required = true,
      paramLabel = "DAY",
      description = "the last day on which it holds, in Stockholm: 2026-12-31")
  private String until = "";

  @Option(names = "--from", paramLabel = "DAY", description = "the first day (default: at once)")
  private @Nullable String from;

  @Option(names = "--uses", paramLabel = "N", description = "how many purchases (default: any number)")
  private @Nullable Long uses;

  @Option(names = "--country", split = ",", paramLabel = "XX", description = "two letters (NO), or any; at most 4")
  private List<String> countries = List.of();

  @Option(names = "--category", split = ",", paramLabel = "KEY", description = "of the programme's policy")
  private List<String> categories = List.of();

  @Option(names = "--mcc", split = ",", paramLabel = "NNNN", description = "merchant category code")
  private List<String> mccs = List.of();

  @Option(
      names = "--merchant",
      split = ",",
      paramLabel = "ACQUIRER/ID",
      description = "a single merchant: DE 32 and DE 42")
  private List<String> merchants = List.of();

  @Option(
      names = "--key",
      paramLabel = "TEXT",
      description = "8 to 64 characters that tell this grant from every other: with the same key it is granted once, "
          + "however often this is run (default: a new one)")
  private String key = UUID.randomUUID().toString();

  /** The members of the request that these options say. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("lastDay", until);
    if (from != null) {
      members.put("firstDay", from);
    }
    if (uses != null) {
      members.put("uses", uses);
    }
    members.put("countries", countries);
    members.put("categories", categories);
    members.put("mccs", mccs);
    members.put("merchants", merchants);
    return members;
  }

  /** Asks for the grant; where no answer came, says how to ask for the same one again. */
  Map<?, ?> post(AdminClient client, String path, Map<String, Object> members) throws StartFailure {
    return postOnce(client, path, members, key);
  }

  /** Likewise, with a key of another option. */
  static Map<?, ?> postOnce(AdminClient client, String path, Map<String, Object> members, String key)
      throws StartFailure {
    try {
      return client.post(path, members, key);
    } catch (StartFailure failure) {
      if (failure.exitCode() != ExitCode.UNAVAILABLE) {
        throw failure;
      }
      throw new StartFailure(
          failure.exitCode(),
          failure.getMessage() + " (the same again with --key " + key + " grants it once)",
          failure);
    }
  }
}
