package se.valfardskort.authorizer.pipeline;

import java.util.ArrayList;
import java.util.List;

/** A reply target that keeps what it was told; any thread may ask, and wait. */
final class Answers implements ReplyTarget {
  /** One thing that it was told. */
  record Answer(Slot.Outcome outcome, boolean silent, long sequence, int reason, long total) {}

  private final List<Answer> answers = new ArrayList<>();
  private int batches;
  private boolean throwing;

  /** From now on each answer throws. */
  synchronized void startThrowing() {
    throwing = true;
  }

  @Override
  public synchronized void reply(Slot slot) {
    if (throwing) {
      throw new IllegalArgumentException("told to throw");
    }
    keep(slot);
  }

  @Override
  public synchronized void silence(Slot slot) {
    keep(slot);
  }

  private void keep(Slot slot) {
    int reason = slot.decisionLength == 0 ? 0 : CounterCore.reasonOf(slot.decision);
    long total = slot.decisionLength == 0 ? 0 : CounterCore.totalOf(slot.decision);
    answers.add(new Answer(slot.outcome, slot.silent, slot.sequence, reason, total));
    notifyAll();
  }

  @Override
  public synchronized void endOfBatch() {
    batches++;
    notifyAll();
  }

  synchronized int size() {
    return answers.size();
  }

  synchronized int batches() {
    return batches;
  }

  /** Waits until there are {@code count}. */
  synchronized List<Answer> await(int count) throws InterruptedException {
    while (answers.size() < count) {
      wait();
    }
    return List.copyOf(answers);
  }

  /** Waits until {@code count} batches have ended. */
  synchronized void awaitBatches(int count) throws InterruptedException {
    while (batches < count) {
      wait();
    }
  }
}
