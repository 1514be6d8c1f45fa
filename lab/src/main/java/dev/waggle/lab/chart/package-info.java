/// Numbers as pictures: reports put [dev.waggle.lab.chart.Chart]s beside one another on a [dev.waggle.lab.chart.Sheet], an SVG file that a browser shows in dark and light.
package dev.waggle.lab.chart;
