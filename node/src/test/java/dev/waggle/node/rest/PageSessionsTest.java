package dev.waggle.node.rest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// A browser is let in once by a link, and from then on by its cookie and its word together.
@Tag("W01")
class PageSessionsTest {
    private static final String TOKEN = "c0ffee".repeat(8);
    private long nowMs = 1_800_000_000_000L;
    private long drawn;
    private final PageSessions sessions = of(TOKEN);

    private PageSessions of(String token) {
        return new PageSessions(token, () -> nowMs, () -> ByteBuffer.allocate(PageSessions.randomBytes()).putLong(++drawn).array());
    }

    private static boolean isOpen(PageSessions sessions, PageSessions.Opened opened) {
        return sessions.isOpen(Optional.of("theme=dark; " + cookie(opened)), Optional.of(opened.word()));
    }

    private static String cookie(PageSessions.Opened opened) {
        return opened.cookie().substring(0, opened.cookie().indexOf(';'));
    }

    @Test void a_link_works_once() {
        var link = sessions.link();
        var opened = sessions.byLink(link).orElseThrow();
        assertThat(isOpen(sessions, opened)).isTrue();
        assertThat(sessions.byLink(link)).isEmpty();
        assertThat(sessions.byLink("")).isEmpty();
    }

    @Test void a_link_ends_after_a_quarter_of_an_hour() {
        var link = sessions.link();
        nowMs += PageSessions.LINK_MS;
        assertThat(sessions.byLink(link)).isPresent();
        link = sessions.link();
        nowMs += PageSessions.LINK_MS + 1;
        assertThat(sessions.byLink(link)).isEmpty();
    }

    @Test void only_so_many_links_are_open_at_once() {
        var links = IntStream.rangeClosed(0, PageSessions.LINKS_MAX).mapToObj(_ -> sessions.link()).toList();
        assertThat(sessions.byLink(links.getFirst())).isEmpty();
        assertThat(sessions.byLink(links.get(1))).isPresent();
        assertThat(sessions.byLink(links.getLast())).isPresent();
    }

    @Test void a_cookie_is_nothing_without_its_word_and_a_word_nothing_without_its_cookie() {
        var one = sessions.byLink(sessions.link()).orElseThrow();
        var other = sessions.byToken(TOKEN).orElseThrow();
        assertThat(sessions.isOpen(Optional.of(cookie(one)), Optional.empty())).isFalse();
        assertThat(sessions.isOpen(Optional.empty(), Optional.of(one.word()))).isFalse();
        assertThat(sessions.isOpen(Optional.of(cookie(one)), Optional.of(other.word()))).isFalse();
        assertThat(sessions.isOpen(Optional.of(cookie(one).replaceFirst("[0-9]{13}", "9999999999999")), Optional.of(one.word()))).isFalse();
        assertThat(sessions.isOpen(Optional.of(cookie(one) + "0"), Optional.of(one.word()))).isFalse();
        assertThat(isOpen(sessions, one)).isTrue();
        assertThat(isOpen(sessions, other)).isTrue();
    }

    @Test void a_session_outlives_a_restart_and_ends_with_the_token_or_after_a_month() {
        var opened = sessions.byLink(sessions.link()).orElseThrow();
        assertThat(isOpen(of(TOKEN), opened)).isTrue();
        assertThat(isOpen(of("beef".repeat(12)), opened)).isFalse();
        nowMs += PageSessions.SESSION_MS + 1;
        assertThat(isOpen(sessions, opened)).isFalse();
    }

    @Test void no_script_reads_the_cookie_and_no_other_site_sends_it() {
        var opened = sessions.byToken(TOKEN).orElseThrow();
        assertThat(opened.cookie()).contains("; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=2592000").doesNotContain(TOKEN).doesNotContain(opened.word());
        assertThat(cookie(opened).split("=")[0]).isNotEqualTo(of("beef".repeat(12)).ended().split("=")[0]);
        assertThat(sessions.ended()).startsWith(cookie(opened).split("=")[0] + "=;").contains("Max-Age=0");
        assertThat(sessions.byToken(TOKEN + "0")).isEmpty();
    }
}
