package dev.waggle.node.identity;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.LineageRow;
import dev.waggle.store.node.NewerNodeStore;
import dev.waggle.store.node.NodeStore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node that may act as itself: it holds the locks of its data and state folders and its key, and knows whether it continues the life
/// that wrote the data folder. Where it does not, every space has a new epoch before this object exists.
///
/// The state folder holds what a copied or restored data folder must not bring along: the key and the lineage.
public final class Identity implements AutoCloseable {
    private static final int ID_BYTES = 16;
    private static final String KEY = "key";
    private final Path data;
    private final Path state;
    private final byte[] seed;
    private final Signer signer;
    private final NodeStore store;
    private final Lineage lineage;
    private final Lineage before;        // null when this is a new life
    private final boolean first;
    private final List<AutoCloseable> open;
    private final SecureRandom random;

    private Identity(Path data, Path state, byte[] seed, NodeStore store, Lineage lineage, Lineage before, boolean first, List<AutoCloseable> open, SecureRandom random) {
        this.data = data;
        this.state = state;
        this.seed = seed;
        this.signer = Ed25519.signer(seed);
        this.store = store;
        this.lineage = lineage;
        this.before = before;
        this.first = first;
        this.open = open;
        this.random = random;
    }

    /// @param stateRoot  the folder of all state folders of this user
    /// @param newIdentity a data folder without its key becomes another node; its spaces stay readable, and it has to be invited again
    /// @throws Problem when the folders are in use, exposed, damaged, newer, or the key is not here
    public static Identity open(Path data, Path stateRoot, boolean newIdentity, SecureRandom random) {
        return open(data, stateRoot, newIdentity, Optional.empty(), random);
    }

    /// @param keyFile the key of a node of which this is a further process; a new data folder takes it over
    public static Identity open(Path data, Path stateRoot, boolean newIdentity, Optional<Path> keyFile, SecureRandom random) {
        var open = new ArrayList<AutoCloseable>();
        try {
            PrivateFiles.makeFolder(data);
            PrivateFiles.requirePrivate(data);
            open.add(FolderLock.take(data, "The data folder"));
            var store = openStore(data);
            open.add(store);
            var known = store.lineage();
            var state = stateRoot.resolve(folderId(data, random));
            if (known.isPresent() && (!Files.exists(state.resolve(KEY)) || newIdentity && !known.get().node().equals(Ed25519.signer(seed(state, random)).node()))) {      // or it was killed while it took a new one
                if (!newIdentity) throw keyMissing(data, state, known.get());
                Files.delete(data.resolve("folder.id"));
                state = stateRoot.resolve(folderId(data, random));
                known = Optional.empty();
            }
            PrivateFiles.makeFolder(state);
            PrivateFiles.requirePrivate(state);
            open.add(FolderLock.take(state, "The key of this node, in"));
            if (keyFile.isPresent()) takeOver(keyFile.get(), state);
            var seed = seed(state, random);
            if (known.isPresent() && !known.get().node().equals(Ed25519.signer(seed).node()))
                throw new Problem(ErrorCode.DATA_DAMAGED, "The key in " + state + " is not the key of the node that owns " + data + ".",
                    "Put the state folder back that belongs to this data folder, or start with --new-identity.");
            return begin(data, state, seed, store, known, open, random);
        } catch (IOException e) {
            close(open, e);
            throw new Problem(ErrorCode.STORAGE, "The data folder " + data + " cannot be used: " + e.getMessage() + ".",
                "Check that the disk is not full and that the folder belongs to you.", e);
        } catch (RuntimeException e) {
            close(open, e);
            throw e;
        }
    }

    /// Compares the copies of the lineage, and records this start in both: first in the database with the new epochs, then in the state
    /// folder. A crash between the two leaves them unequal, which costs one more epoch at the next start.
    private static Identity begin(Path data, Path state, byte[] seed, NodeStore store, Optional<LineageRow> known, List<AutoCloseable> open,
                                  SecureRandom random) throws IOException {
        var file = state.resolve("lineage");
        Lineage before = null;
        if (known.isPresent() && Files.exists(file)) {
            try {
                var here = Lineage.parse(Files.readString(file, StandardCharsets.UTF_8));
                if (here.text().equals(known.get().text()) && here.machine().equals(Lineage.machineId())) before = here;
            } catch (MalformedPayload _) {
                // damaged: a doubt, and doubt opens a new life
            }
        }
        var lineage = before != null ? before.started() : new Lineage(hex(random), 1, Lineage.machineId());
        boolean first = known.isEmpty() && store.spaces().isEmpty();
        var epochs = new HashMap<SpaceId, Epoch>();
        if (before == null) for (var space : store.spaces()) epochs.put(space.id(), Epoch.of(bytes(random)));
        store.started(new LineageRow(Ed25519.signer(seed).node(), lineage.text()), epochs);
        PrivateFiles.write(file, lineage.text() + "\n");
        return new Identity(data, state, seed, store, lineage, before, first, open, random);
    }

    private static NodeStore openStore(Path data) {
        try {
            return NodeStore.open(data.resolve("node.sqlite"));
        } catch (NewerNodeStore e) {
            throw new Problem(ErrorCode.NEWER_DATA, "A newer Waggle wrote the data folder " + data + ".", "Start that version, or update this one.", e);
        }
    }

    private static String folderId(Path data, SecureRandom random) throws IOException {
        var file = data.resolve("folder.id");
        if (!Files.exists(file)) PrivateFiles.write(file, hex(random) + "\n");
        var id = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (Hex.isLower(id, 2 * ID_BYTES)) return id;
        throw new Problem(ErrorCode.DATA_DAMAGED, file + " does not hold the id of the data folder.", "Restore that file from a backup of the folder.");
    }

    private static void takeOver(Path keyFile, Path state) throws IOException {
        if (!Files.exists(keyFile)) throw new Problem(ErrorCode.BAD_REQUEST, "There is no key in " + keyFile + ".", "Name the key file of the hub's first process.");
        var wanted = Files.readString(keyFile, StandardCharsets.UTF_8).strip();
        if (!Hex.isLower(wanted, 2 * Ed25519.SEED_BYTES)) throw new Problem(ErrorCode.DATA_DAMAGED, keyFile + " does not hold a key.", "It is one line of 64 hexadecimal digits.");
        var own = state.resolve(KEY);
        if (!Files.exists(own)) PrivateFiles.write(own, wanted + "\n");
        else if (!Files.readString(own, StandardCharsets.UTF_8).strip().equals(wanted))
            throw new Problem(ErrorCode.BAD_REQUEST, "This data folder is another node's than the one whose key is in " + keyFile + ".", "Give each process of a hub a new data folder.");
    }

    private static byte[] seed(Path state, SecureRandom random) throws IOException {
        var file = state.resolve(KEY);
        if (!Files.exists(file)) {
            var fresh = new byte[Ed25519.SEED_BYTES];
            random.nextBytes(fresh);
            PrivateFiles.write(file, Hex.of(fresh) + "\n");
        }
        PrivateFiles.requirePrivate(file);
        var text = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (Hex.isLower(text, 2 * Ed25519.SEED_BYTES)) return Hex.bytes(text);
        throw new Problem(ErrorCode.DATA_DAMAGED, file + " does not hold a key.", "Restore that file from a backup of the state folder.");
    }

    private static Problem keyMissing(Path data, Path state, LineageRow known) {
        return new Problem(ErrorCode.KEY_MISSING, "The data folder " + data + " belongs to node " + known.node().brief()
            + ", whose key is not on this machine (" + state + ").",
            "If the node moved here, bring that folder from the old machine and stop the node there; if this is a copy, run `waggle up --new-identity`"
                + " to make it a node of its own, which has to be invited to its spaces.");
    }

    public Path data() {
        return data;
    }

    public Path state() {
        return state;
    }

    /// Where the secret of the node's key is.
    public Path keyFile() {
        return state.resolve(KEY);
    }

    /// Names this data folder, and so the process that has it, among all of this node's.
    public String folder() {
        return state.getFileName().toString();
    }

    public Signer signer() {
        return signer;
    }

    /// The secret seed of the node's key: for the transport, which proves the same key in TLS. Never copied anywhere else.
    public byte[] seed() {
        return seed.clone();
    }

    public NodeStore store() {
        return store;
    }

    /// True when this node could not prove that it continues an earlier life of the data folder: first start, restored backup, copy.
    public boolean newLife() {
        return before == null;
    }

    /// True when there was no life before: an empty data folder.
    public boolean isFirstLife() {
        return first;
    }

    /// What every log must say about itself to be the log that the life before wrote; empty in a new life.
    public Optional<String> lineageBefore() {
        return Optional.ofNullable(before).map(Lineage::text);
    }

    /// What every log says from now on.
    public String lineage() {
        return lineage.text();
    }

    /// 128 random bits: never the same twice.
    public Epoch freshEpoch() {
        return Epoch.of(bytes(random));
    }

    /// Fresh bytes of the operating system's generator.
    public byte[] random(int bytes) {
        var fresh = new byte[bytes];
        random.nextBytes(fresh);
        return fresh;
    }

    private static String hex(SecureRandom random) {
        return Hex.of(bytes(random));
    }

    private static byte[] bytes(SecureRandom random) {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override public void close() {
        RuntimeException failed = null;
        for (var each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                if (failed == null) failed = new IllegalStateException("close " + data, e);
                else failed.addSuppressed(e);
            }
        }
        if (failed != null) throw failed;
    }

    private static void close(List<AutoCloseable> open, Exception because) {
        for (var each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                because.addSuppressed(e);
            }
        }
    }
}
