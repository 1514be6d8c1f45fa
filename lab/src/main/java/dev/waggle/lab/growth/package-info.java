/// What grows with a log, with its chains and with the number of spaces: `./waggle growth` measures at sizes ten times apart and draws the curves.
///
/// [dev.waggle.lab.growth.Growth] makes the sizes, [dev.waggle.lab.growth.Sizes] measures one, [dev.waggle.lab.growth.GrowthReport] writes the table and the picture. A straight line at
/// 45 degrees is what grows like its input; steeper would be worse. Read [dev.waggle.lab.growth.Growth] first.
package dev.waggle.lab.growth;
