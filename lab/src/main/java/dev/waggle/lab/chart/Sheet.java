package dev.waggle.lab.chart;

import java.util.List;

/// Charts side by side, as one SVG file.
public final class Sheet {
    private static final int COLUMNS = 2;
    private static final int GAP = 20;
    private static final String STYLE = """
        <style>
        svg { background: #fff; --ink: #24292f; --pale: #d8dee4; font: 12px system-ui, sans-serif }
        text { fill: var(--ink) } .title { font-weight: 600; font-size: 13px } .up { text-anchor: end } .along { text-anchor: middle }
        .grid { stroke: var(--pale); fill: none }
        .l0, .l1, .l2, .l3, .l4, .l5 { fill: none; stroke-width: 1.6 }
        .l0 { stroke: #0b6e99 } .l1 { stroke: #c4560c } .l2 { stroke: #4c7a34 } .l3 { stroke: #8250df } .l4 { stroke: #bf3989 } .l5 { stroke: #8a6d00 }
        .n0, .p0 { fill: #0b6e99 } .n1, .p1 { fill: #c4560c } .n2, .p2 { fill: #4c7a34 } .n3, .p3 { fill: #8250df } .n4, .p4 { fill: #bf3989 } .n5, .p5 { fill: #8a6d00 }
        @media (prefers-color-scheme: dark) { svg { background: #16191d; --ink: #e6edf3; --pale: #343a41 } }
        </style>
        """;

    private Sheet() {}

    /// @return the text of an SVG file
    public static String of(String title, List<Chart> charts) {
        int rows = (charts.size() + COLUMNS - 1) / COLUMNS;
        int width = COLUMNS * (Chart.WIDTH + GAP) + GAP;
        int height = rows * (Chart.HEIGHT + GAP) + GAP;
        var text = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + height + "\" width=\"" + width + "\" height=\"" + height + "\" role=\"img\">\n")
            .append("<title>").append(title).append("</title>\n").append(STYLE);
        for (int i = 0; i < charts.size(); i++)
            text.append(charts.get(i).svg(GAP + i % COLUMNS * (Chart.WIDTH + GAP), GAP + i / COLUMNS * (Chart.HEIGHT + GAP)));
        return text.append("</svg>\n").toString();
    }
}
