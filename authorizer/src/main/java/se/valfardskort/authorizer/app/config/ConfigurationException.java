package se.valfardskort.authorizer.app.config;

import java.util.List;

/** The configuration cannot be used; every problem found is named, one a line, with file, line and mend. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Takes the problems in the order in which a reader should meet them. */
  public ConfigurationException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
