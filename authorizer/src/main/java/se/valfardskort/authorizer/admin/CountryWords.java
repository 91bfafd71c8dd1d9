package se.valfardskort.authorizer.admin;

/** What countries are called in requests and answers: the two letters of ISO 3166-1. Any thread. */
public interface CountryWords {
  /** The number of a country; 0: there is none of that name. */
  int number(String letters);

  /** The letters of a number; the number's digits where it has none. */
  String letters(int number);
}
