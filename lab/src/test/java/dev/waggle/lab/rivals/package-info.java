/// Tests of the scripts that measure Waggle beside others.
package dev.waggle.lab.rivals;
