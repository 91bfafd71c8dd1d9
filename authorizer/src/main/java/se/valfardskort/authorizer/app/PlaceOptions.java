package se.valfardskort.authorizer.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an instance has its configuration and its data; options that every command on an instance shares. */
final class PlaceOptions {
  private final Folders folders = Folders.ofThisProcess();

  @Option(names = "--demo", description = "the demonstration: its configuration, its cards, its data folder")
  private boolean demo;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "data folder (default: $XDG_DATA_HOME/valfardskort/demo or .../default)")
  private @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "DIR",
      description = "configuration folder (default: config/demo with --demo, else $XDG_CONFIG_HOME/valfardskort)")
  private @Nullable Path config;

  /** Whether it is the demonstration. */
  boolean isDemo() {
    return demo;
  }

  /** Folder of what the instance writes. */
  Path data() {
    return data == null ? folders.data(demo) : data;
  }

  /** Folder of what a person has written for it. */
  Path config() {
    return config == null ? folders.config(demo) : config;
  }
}
