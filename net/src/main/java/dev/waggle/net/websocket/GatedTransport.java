package dev.waggle.net.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.transport.Transport;

import java.util.List;

/// Vert.x's NIO transport whose server asks the [Gate] about each connection at accept. The server's own hooks come after the TLS handshake, which
/// is the dearest thing a stranger can ask for.
final class GatedTransport implements Transport, io.vertx.core.spi.transport.Transport {
    private final Gate gate;
    private final io.vertx.core.spi.transport.Transport nio = Transport.NIO.implementation();

    GatedTransport(Gate gate) {
        this.gate = gate;
    }

    @Override public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? nio.serverChannelFactory(true) : () -> new GatedServerChannel(gate);
    }

    private static final class GatedServerChannel extends NioServerSocketChannel {
        private final Gate gate;

        GatedServerChannel(Gate gate) {
            this.gate = gate;
        }

        @Override protected int doReadMessages(List<Object> accepted) throws Exception {
            int before = accepted.size();
            int read = super.doReadMessages(accepted);
            for (int i = accepted.size() - 1; i >= before; i--) {
                var channel = (NioSocketChannel) accepted.get(i);
                if (channel.remoteAddress() != null && gate.admit(channel, channel.remoteAddress())) continue;
                accepted.remove(i);
                channel.unsafe().closeForcibly();
            }
            return read;
        }
    }

    @Override public String name() {
        return "gated nio";
    }

    @Override public boolean available() {
        return true;
    }

    @Override public Throwable unavailabilityCause() {
        return null;
    }

    @Override public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override public boolean supportsDomainSockets() {
        return nio.supportsDomainSockets();
    }

    @Override public java.net.SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return nio.convert(address);
    }

    @Override public io.vertx.core.net.SocketAddress convert(java.net.SocketAddress address) {
        return nio.convert(address);
    }

    @Override public IoHandlerFactory ioHandlerFactory() {
        return nio.ioHandlerFactory();
    }

    @Override @SuppressWarnings("deprecation") public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return nio.datagramChannel(family);
    }

    @Override public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return nio.datagramChannelFactory();
    }

    @Override public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return nio.channelFactory(domainSocket);
    }
}
