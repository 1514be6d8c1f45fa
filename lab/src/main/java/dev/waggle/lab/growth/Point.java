package dev.waggle.lab.growth;

/// One measurement at one size.
///
/// @param along what grows: `events`, `chains` or `spaces`
/// @param size  how many of them
/// @param what  was measured, with its unit
record Point(String along, int size, String what, double value) {}
