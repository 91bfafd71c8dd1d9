package se.valfardskort.authorizer.admin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import se.valfardskort.authorizer.admin.CommandDesk.Answer;
import se.valfardskort.authorizer.domain.CommandRefusal;
import se.valfardskort.authorizer.domain.LoadStatement.Component;
import se.valfardskort.authorizer.domain.LoadStatement.Kind;
import se.valfardskort.authorizer.engine.Commands;
import se.valfardskort.authorizer.engine.LoadRunView;
import se.valfardskort.authorizer.engine.LoadTerms;

/**
 * A programme's run of loads at the port. Any thread.
 *
 * <pre>
 *   GET  /v1/programmes/{id}/load-run                  the run that is open, or the last one
 *   POST /v1/programmes/{id}/load-runs                 opens one: its whole total is set aside, or it is refused
 *   POST /v1/programmes/{id}/load-runs/{key}/loads     loads up to 500 cards; answers when each is durable
 *   POST /v1/programmes/{id}/load-runs/{key}/close     closes it: what is left goes back
 * </pre>
 *
 * <p>Each of them may be sent again, whatever became of the answer: a run is opened and closed once, and a card gets a
 * period once.
 */
final class LoadEndpoints {
  private static final String PROGRAMMES = "/v1/programmes/";
  private static final String LOADS = "/loads";
  private static final Pattern PATH =
      Pattern.compile(
          PROGRAMMES + "(0|[1-9][0-9]{0,4})/(load-run|load-runs|load-runs/([0-9a-f]{16})(" + LOADS + "|/close))");
  private static final Pattern PERIOD = Pattern.compile("[0-9]{4}");
  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SUPPLEMENT = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern RUN_KEY = Pattern.compile("[0-9a-f]{16}");
  private static final int LARGEST_PROGRAMME = 65_535;
  private static final int MOST_LOADS = 500;
  private static final HexFormat HEX = HexFormat.of();

  private final CommandDesk desk;
  private final LoadFeed feed;

  LoadEndpoints(CommandDesk desk, LoadFeed feed) {
    this.desk = desk;
    this.feed = feed;
  }

  /** Whether a path is to be looked for here. */
  static boolean has(String path) {
    return path.startsWith(PROGRAMMES);
  }

  /** Whether a path takes many cards at once. */
  static boolean isBatch(String path) {
    return path.startsWith(PROGRAMMES) && path.endsWith(LOADS);
  }

  Reply answer(Request request) throws Problem {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches() || Integer.parseInt(path.group(1)) > LARGEST_PROGRAMME) {
      throw new Problem(404, "not-found", "there is nothing at this path", "see docs/operating/running.md for paths");
    }
    int programmeId = Integer.parseInt(path.group(1));
    if (path.group(2).equals("load-run")) {
      Replies.requireMethod(request, "GET");
      return look(programmeId);
    }
    Replies.requireMethod(request, "POST");
    Body body = Body.of(request.body());
    if (path.group(3) == null) {
      return open(programmeId, body);
    }
    long runKey = HexFormat.fromHexDigitsToLong(path.group(3));
    return path.group(4).equals(LOADS) ? load(programmeId, runKey, body) : close(programmeId, runKey, body);
  }

  private Reply look(int programmeId) throws Problem {
    Answer answer =
        desk.askOfRun(command -> Commands.loadRunQuery(command, 0, programmeId, AdminKey.NAME), programmeId);
    return reply(200, "looked", Replies.accepted(answer));
  }

  private Reply open(int programmeId, Body body) throws Problem {
    final int period = period(body);
    final long runKey = HexFormat.fromHexDigitsToLong(text(body, "runKey", RUN_KEY, "give 16 hexadecimal digits"));
    final long cards = body.number("cards");
    final long cashMinor = body.number("cashMinor");
    final long hjartanMinor = body.number("hjartanMinor");
    body.end();
    if (cards < 1 || cards > Integer.MAX_VALUE) {
      throw Body.bad("cards", "is no number of cards", "give 1 or more");
    }
    Answer answer =
        desk.askOfRun(
            command ->
                Commands.loadRunOpen(
                    command, 0, programmeId, period, runKey, (int) cards, cashMinor, hjartanMinor, AdminKey.NAME),
            programmeId);
    return switch (answer.refusal()) {
      case null -> reply(201, "opened", answer);
      case LOAD_RUN_OPEN_ALREADY -> reply(200, "open", answer);
      case LOAD_RUN_CLOSED_ALREADY -> reply(200, "closed", answer);
      case POOL_SHORT, BACKING_SHORT -> throw shortage(answer.refusal(), answer);
      default -> reply(200, "opened", Replies.accepted(answer));
    };
  }

  /** Nothing was set aside and nothing is loaded; what is missing is named. */
  private static Problem shortage(CommandRefusal refusal, Answer answer) {
    List<String> missing = new ArrayList<>();
    if (answer.cashMinor() > 0) {
      missing.add("the programme's pool lacks " + amount(answer.cashMinor()) + " kr");
    }
    if (answer.hjartanMinor() > 0) {
      missing.add("the treasury lacks " + amount(answer.hjartanMinor()) + " kr of backing for Hjartan");
    }
    return new Problem(
        409,
        Body.wordOf(refusal),
        refusal.code,
        "refused whole, nothing is loaded: " + String.join(" and ", missing),
        "pay in what is missing, then send the same again");
  }

  private static String amount(long amountMinor) {
    return String.format(Locale.ROOT, "%,d.%02d", amountMinor / 100, amountMinor % 100);
  }

  private Reply load(int programmeId, long runKey, Body body) throws Problem {
    final int period = period(body);
    final List<Body> loads = body.objects("loads", MOST_LOADS);
    body.end();
    if (loads.isEmpty()) {
      throw Body.bad("loads", "has no load", "give 1 to " + MOST_LOADS);
    }
    List<CommandDesk.Writer> commands = new ArrayList<>(loads.size());
    for (Body load : loads) {
      commands.add(load(programmeId, runKey, period, load));
    }
    List<String> results = new ArrayList<>(loads.size());
    for (int reason : feed.send(commands)) {
      CommandRefusal refusal = reason == 0 ? null : CommandDesk.refusalOf(reason);
      if (refusal == CommandRefusal.NO_ROOM) {
        throw CommandDesk.busy();
      }
      results.add(refusal == null ? "loaded" : Body.wordOf(refusal));
    }
    return new Reply(200, Map.of("results", results));
  }

  private static CommandDesk.Writer load(int programmeId, long runKey, int period, Body load) throws Problem {
    final byte[] token = HEX.parseHex(text(load, "panToken", TOKEN, "give 64 hexadecimal digits"));
    final long cashMinor = load.number("cashMinor");
    final long hjartanMinor = load.number("hjartanMinor");
    List<Component> components = new ArrayList<>();
    for (Body component : load.objects("components", LoadTerms.MOST_COMPONENTS)) {
      Kind kind = component.word("kind", List.of(Kind.values()));
      String supplement =
          kind == Kind.SUPPLEMENT ? text(component, "supplement", SUPPLEMENT, "give the supplement's key") : "";
      components.add(new Component(kind, supplement, component.number("amountMinor")));
      component.end();
    }
    load.end();
    LoadTerms terms = new LoadTerms(period, cashMinor, hjartanMinor, runKey, programmeId, components);
    return command -> Commands.load(command, 0, new UnsafeBuffer(token), 0, terms);
  }

  private Reply close(int programmeId, long runKey, Body body) throws Problem {
    body.end();
    Answer answer =
        desk.askOfRun(command -> Commands.loadRunClose(command, 0, programmeId, runKey, AdminKey.NAME), programmeId);
    return answer.refusal() == CommandRefusal.LOAD_RUN_CLOSED_ALREADY
        ? reply(200, "closed", answer)
        : reply(200, "closed", Replies.accepted(answer));
  }

  private static int period(Body body) throws Problem {
    return Integer.parseInt(text(body, "period", PERIOD, "give YYMM: 2612"));
  }

  private static String text(Body body, String name, Pattern wanted, String mend) throws Problem {
    String text = body.text(name);
    if (!wanted.matcher(text).matches()) {
      throw Body.bad(name, "is not what it should be", mend);
    }
    return text;
  }

  private static Reply reply(int status, String state, Answer answer) {
    LoadRunView view = answer.run();
    if (view == null) {
      throw new IllegalStateException("sequence " + answer.sequence() + " has no run to show");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", answer.sequence());
    members.put("state", state);
    members.put("poolMinor", view.poolMinor());
    members.put("backingMinor", view.backingMinor());
    if (view.runKey() != 0) {
      members.put("run", run(view));
    }
    return new Reply(status, members);
  }

  private static Map<String, Object> run(LoadRunView view) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("runKey", HEX.toHexDigits(view.runKey()));
    run.put("programme", view.programmeId());
    run.put("open", view.isOpen());
    run.put("period", String.format(Locale.ROOT, "%04d", view.period()));
    run.put("cards", view.cards());
    run.put("cardsLoaded", view.cardsLoaded());
    run.put("cashMinor", view.cashMinor());
    run.put("cashLoadedMinor", view.cashLoadedMinor());
    run.put("hjartanMinor", view.hjartanMinor());
    run.put("hjartanLoadedMinor", view.hjartanLoadedMinor());
    return run;
  }
}
