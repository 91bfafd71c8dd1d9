package se.valfardskort.authorizer.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import se.valfardskort.authorizer.app.config.AuthorizerSettings.Durability;

/**
 * What the command line asks of a start. Immutable.
 *
 * @param config the configuration folder
 * @param data the data folder; made where it is missing
 * @param demo open the demonstration's cards
 * @param cards ordinary cards instead of what cards.yaml says; null: as it says
 * @param durability instead of what authorizer.yaml says; null: as it says
 * @param portOffset added to every port
 */
record StartOptions(
    Path config,
    Path data,
    boolean demo,
    @Nullable Integer cards,
    @Nullable Durability durability,
    int portOffset) {}
