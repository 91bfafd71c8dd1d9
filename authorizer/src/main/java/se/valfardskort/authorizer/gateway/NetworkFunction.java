package se.valfardskort.authorizer.gateway;

/** What we ask for in network management. */
enum NetworkFunction {
  SIGN_ON(1, 801),
  SIGN_OFF(2, 802),
  ECHO(301, 831);

  /** DE 70 of 1987. */
  final int code1987;
  /** DE 24 of 1993. */
  final int code1993;

  NetworkFunction(int code1987, int code1993) {
    this.code1987 = code1987;
    this.code1993 = code1993;
  }
}
