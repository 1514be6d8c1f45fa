package dev.waggle.node.rest;

import dev.waggle.node.rest.Light.Color;
import dev.waggle.node.rest.Light.Help;
import dev.waggle.node.rest.Light.Standing;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class LightTest {
    private static final Standing ALONE = new Standing("id", "notes", false, true, 0, 0, 0, 0, 0, 0);

    @Test void it_is_red_only_when_the_node_is_stuck_and_says_why() {
        assertThat(Light.of(List.of("The disk is full.", "b"), List.of(ALONE))).isEqualTo(new Light(Color.RED, "The disk is full. And 1 more.", Help.CHECK, ""));
        assertThat(Light.of(List.of("a.sqlite is damaged", "b"), List.of(ALONE)).says()).isEqualTo("a.sqlite is damaged. And 1 more.");
    }

    @Test void an_empty_node_is_led_to_its_first_space() {
        assertThat(Light.of(List.of(), List.of())).extracting(Light::color, Light::help).containsExactly(Color.YELLOW, Help.START);
    }

    @Test void it_is_green_when_all_that_can_be_reached_agree_and_never_says_every_member_when_some_are_away() {
        assertThat(of(ALONE).says()).contains("Nobody else is a member yet");
        assertThat(of(standing(0, 0, 2, 2, 2))).isEqualTo(new Light(Color.GREEN, "In sync with every member.", Help.NONE, ""));
        assertThat(of(standing(0, 0, 2, 1, 1))).satisfies(light -> {
            assertThat(light.color()).isEqualTo(Color.GREEN);
            assertThat(light.says()).contains("that can be reached").contains("catch up");
        });
    }

    @Test void a_node_removed_from_a_space_is_yellow_with_the_sentence_and_the_way_to_the_space() {
        var removed = new Standing("id", "notes", true, false, 5, 5, 2, 0, 0, 0);
        assertThat(of(ALONE, removed)).isEqualTo(new Light(Color.YELLOW,
            "This node was removed from “notes”. What is written here stays here and has no effect on the others.", Help.SPACE, "id"));
    }

    @Test void it_is_yellow_for_each_thing_that_is_under_way_or_waits() {
        assertThat(of(new Standing("id", "notes", false, false, 0, 0, 1, 1, 1, 0)).says()).contains("Waiting to be a member");
        assertThat(of(standing(3, 0, 1, 1, 1))).extracting(Light::color, Light::help).containsExactly(Color.YELLOW, Help.NONE);
        assertThat(of(standing(0, 2, 1, 1, 1))).extracting(Light::color, Light::help).containsExactly(Color.YELLOW, Help.SYNC);
        assertThat(of(standing(0, 0, 1, 0, 0))).extracting(Light::color, Light::help).containsExactly(Color.YELLOW, Help.SYNC);
        assertThat(of(standing(0, 0, 3, 2, 1)).says()).isEqualTo("Exchanging “notes” with 1 member.");
        assertThat(of(standing(0, 0, 2, 2, 2), standing(0, 0, 1, 0, 0)).color()).as("one space in order does not hide another").isEqualTo(Color.YELLOW);
    }

    @Test void a_process_of_a_hub_whose_nodes_are_all_at_another_one_is_green_and_says_so() {
        var elsewhere = new Standing("id", "notes", false, true, 0, 0, 3, 0, 0, 2);
        assertThat(of(elsewhere)).extracting(Light::color, Light::help).containsExactly(Color.GREEN, Help.NONE);
        assertThat(of(elsewhere).says()).contains("connected to another process of this hub");
        assertThat(of(elsewhere, standing(0, 0, 1, 0, 0)).color()).as("a space that nobody else reaches").isEqualTo(Color.YELLOW);
    }

    private static Standing standing(long toDo, long waiting, int others, int reachable, int agreeing) {
        return new Standing("id", "notes", false, true, toDo, waiting, others, reachable, agreeing, 0);
    }

    private static Light of(Standing... spaces) {
        return Light.of(List.of(), List.of(spaces));
    }
}
