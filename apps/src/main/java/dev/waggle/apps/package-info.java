/// Space types: how a log becomes rows. Each type is a package; none knows another.
package dev.waggle.apps;
