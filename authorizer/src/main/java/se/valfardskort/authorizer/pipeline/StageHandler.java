package se.valfardskort.authorizer.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.Sequence;

/**
 * Runs a stage on its thread and holds the fail-stop: a stage that has thrown takes nothing more, and the halt is set
 * before its progress advances, so that no later stage mistakes the slot for a finished one.
 *
 * <p>Owned by the stage's thread. Progress is announced here rather than by the library, because the library announces
 * it only at the end of its own batch and wakes nobody who is parked.
 */
final class StageHandler implements EventHandler<Slot>, ExceptionHandler<Slot> {
  private final Stage stage;
  private final Halt halt;
  private final ParkingWaitStrategy.Wakener wakener;
  private Sequence progress = new Sequence();

  StageHandler(Stage stage, Halt halt, ParkingWaitStrategy.Wakener wakener) {
    this.stage = stage;
    this.halt = halt;
    this.wakener = wakener;
  }

  @Override
  public void setSequenceCallback(Sequence sequenceCallback) {
    progress = sequenceCallback;
  }

  @Override
  public void onEvent(Slot slot, long ringSequence, boolean endOfBatch) {
    if (halt.isHalted()) {
      stage.drop(slot);
      return;
    }
    try {
      stage.take(slot);
      if (!endOfBatch && !stage.batchIsFull()) {
        return;
      }
      stage.endOfBatch();
    } catch (Throwable failure) {
      halt.halt(failure);
      stage.drop(slot);
      return;
    }
    progress.set(ringSequence);
    wakener.wake();
  }

  /** Not reached by a failing stage, which is caught above; what does come here is a defect and stops the thread. */
  @Override
  public void handleEventException(Throwable failure, long ringSequence, Slot slot) {
    halt.halt(failure);
    throw new IllegalStateException("the pipeline has halted at ring position " + ringSequence, failure);
  }

  @Override
  public void handleOnStartException(Throwable failure) {
    halt.halt(failure);
  }

  @Override
  public void handleOnShutdownException(Throwable failure) {
    halt.halt(failure);
  }
}
