#!/bin/sh
# Runs the built program where there is a JRE 25 and nothing else: compose.yaml's hub, and commands beside it.
here=$(cd "$(dirname "$0")/.." && pwd)
exec java --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError "-Xmx${WAGGLE_HEAP:-256m}" -cp "$here/node/target/waggle-node-0.1.0.jar:$here/node/target/lib/*" dev.waggle.node.cli.Main "$@"
