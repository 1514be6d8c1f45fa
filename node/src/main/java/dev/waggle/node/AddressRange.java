package dev.waggle.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// A range of addresses, as in `100.64.0.0/10` or `fd00::/8`: who is outside of all ranges of the settings is hung up on before anything is read.
public record AddressRange(byte[] network, int bits, String text) {
    /// @throws IllegalArgumentException when it is not a literal address, a slash and a number of bits
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        var host = slash < 0 ? text : text.substring(0, slash);
        if (!host.matches("[0-9a-fA-F:.]+") || host.indexOf(':') < 0 && !host.matches("[0-9]+(\\.[0-9]+){3}")) throw new IllegalArgumentException("\"" + text + "\" is no range of addresses");
        try {
            var network = InetAddress.getByName(host).getAddress();
            int bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > network.length * 8) throw new IllegalArgumentException("\"" + text + "\" has too many bits");
            return new AddressRange(network, bits, text);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no range of addresses", e);
        }
    }

    public boolean contains(byte[] address) {
        if (address.length != network.length) return false;
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((address[bit >> 3] & mask) != (network[bit >> 3] & mask)) return false;
        }
        return true;
    }
}
