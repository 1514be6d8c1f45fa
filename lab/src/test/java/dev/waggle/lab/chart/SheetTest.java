package dev.waggle.lab.chart;

import org.junit.jupiter.api.Test;

import javax.xml.parsers.DocumentBuilderFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class SheetTest {
    private static org.w3c.dom.Document read(Chart... charts) throws Exception {
        var text = Sheet.of("all", List.of(charts));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Double> places(String path) {
        return java.util.Arrays.stream(path.split("[ML ]")).filter(each -> !each.isEmpty()).map(Double::valueOf).toList();
    }

    private static String line(org.w3c.dom.Document document) {
        var paths = document.getElementsByTagName("path");
        for (int i = 0; i < paths.getLength(); i++) {
            var path = (org.w3c.dom.Element) paths.item(i);
            if (path.getAttribute("class").equals("l0")) return path.getAttribute("d");
        }
        throw new AssertionError("no line");
    }

    @Test void what_grows_like_its_input_is_a_straight_line_where_axes_are_logarithmic() throws Exception {
        var at = places(line(read(new Chart("t", "ms", "n", Chart.Scale.LOGARITHMIC, List.of(new Chart.Line("a", List.of(new double[] {10, 1}, new double[] {100, 10}, new double[] {1_000, 100})))))));
        assertThat(at.get(2) - at.get(0)).isCloseTo(at.get(4) - at.get(2), org.assertj.core.data.Offset.offset(0.2));
        assertThat(at.get(1) - at.get(3)).isPositive().isCloseTo(at.get(3) - at.get(5), org.assertj.core.data.Offset.offset(0.2));
    }

    @Test void gaps_nothing_and_one_value_draw_no_nonsense() throws Exception {
        var gap = new Chart("<t>", "a & b", "n", Chart.Scale.LINEAR, List.of(new Chart.Line("a", List.of(new double[] {1, 5}, new double[] {2, Double.NaN}, new double[] {3, 5}))));
        assertThat(places(line(read(gap)))).hasSize(4).allMatch(place -> place >= 0 && place <= Chart.WIDTH);
        assertThat(read(new Chart("t", "", "n", Chart.Scale.LOGARITHMIC, List.of())).getElementsByTagName("path").getLength()).isZero();
    }
}
