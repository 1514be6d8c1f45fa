package dev.waggle.sync.protocol;

import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What two nodes tell each other of the other's own chains.
class OwnChainsTest extends OneSide {
    @Test void a_peer_that_knows_more_of_our_chain_than_we_do_is_reported() {
        exchange.open(now());
        var out = hear(have(state(12), tip(CHAIN, 12)));
        assertThat(of(out, ExchangeStep.Said.class)).extracting(ExchangeStep.Said::notice).contains(new Notice.BehindOnSelf(PEER, SPACE, CHAIN, 12));
    }

    /// Its author may have lost it, and nobody else can write it again: no comparison of logs shows that.
    @Tag("T02") @Tag("S09") @Test void a_peer_is_told_once_what_is_held_of_its_own_for_its_stamps() {
        assertThat(of(exchange.open(now()), ExchangeStep.ListWaiting.class)).hasSize(1);
        var held = List.of(tip(THEIRS, 3), tip(THEIRS, 5));
        assertThat(sent(exchange.waitingListed(new Input.WaitingListed(1, SPACE, List.of(), List.of(), held), now()), Frame.Have.class)).as("a question is out").isEmpty();
        assertThat(sent(hear(have(state(10))), Frame.Have.class)).singleElement().satisfies(have -> assertThat(have.youHave()).isEqualTo(held));
        hear(have(state(10)));
        assertThat(sent(exchange.waitingListed(new Input.WaitingListed(1, SPACE, List.of(), List.of(), held), now()), Frame.Have.class)).as("it knows").isEmpty();
        assertThat(sent(exchange.waitingListed(new Input.WaitingListed(1, SPACE, List.of(), List.of(), held.subList(0, 1)), now()), Frame.Have.class)).hasSize(1);
    }

    @Tag("T02") @Tag("S09") @Test void what_a_peer_says_that_we_wrote_and_is_not_here_is_asked_for_once_the_logs_are_equal() {
        exchange.open(now());
        var lost = new Tip(CHAIN, 0, 11, OWN.id(), Hlc.ZERO);
        assertThat(sent(hear(new Frame.Have(SPACE, new byte[32], 1, 10, List.of(tip(CHAIN, 10), lost, tip(CHAIN, 14)))), Frame.Want.class)).as("the comparison may bring it").isEmpty();
        hear(new Frame.Tips(SPACE, List.of(tip(CHAIN, 10)), false));
        assertThat(sent(hear(have(state(10))), Frame.Want.class)).containsExactly(new Frame.Want(SPACE, List.of(OWN.id(), id(CHAIN, 14)), List.of()));
        assertThat(sent(hear(have(state(10))), Frame.Want.class)).as("one question at a time").isEmpty();
        hear(new Frame.Events(SPACE, List.of(OWN), 0));
        exchange.appended(0, List.of(new Admission.Held(OWN, 99)), now());
        assertThat(sent(hear(have(state(10))), Frame.Want.class)).as("what did not fit").containsExactly(new Frame.Want(SPACE, List.of(id(CHAIN, 14)), List.of()));
        hear(new Frame.Events(SPACE, List.of(), 0));
        assertThat(sent(hear(have(state(10), tip(CHAIN, 14))), Frame.Want.class)).as("it has it no more").isEmpty();
    }
}
