/// Power cuts. A process runs with [Shim] loaded, which writes down everything that it does to its files; [Disk] replays a prefix of that and
/// says what a disk may hold when the power goes at this moment: all that was fsynced, and any part of the rest, in sectors of 512 bytes.
///
/// A kill with -9 proves nothing of this kind: the page cache survives it. Read [WriteLog], then [Disk], then the tests.
package dev.waggle.lab.power;
