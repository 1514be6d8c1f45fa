package dev.waggle.core.event;

import java.util.ArrayList;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// JSON values that visit the corners: every escape, both halves of Unicode, doubles of every size.
final class RandomJson {
    private RandomJson() {}

    static Json value(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> Json.NULL;
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(random.nextLong(-Json.INTEGER_MAX, Json.INTEGER_MAX + 1));
            case 3 -> new Json.Num(number(random));
            case 4, 5 -> Json.of(text(random));
            case 6 -> {
                var items = new ArrayList<Json>();
                for (int i = random.nextInt(5); i > 0; i--) items.add(value(random, depth - 1));
                yield Json.array(items);
            }
            default -> object(random, depth);
        };
    }

    static Json.Obj object(RandomGenerator random, int depth) {
        var members = new TreeMap<String, Json>();
        for (int i = random.nextInt(6); i > 0; i--) members.put(text(random), value(random, depth - 1));
        return new Json.Obj(members);
    }

    static double number(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-1_000, 1_000) / 8.0;
            case 1 -> random.nextLong(1_000_000) * Math.pow(10, random.nextInt(-30, 30));
            case 2 -> Double.longBitsToDouble(random.nextLong(2_000));                      // subnormal
            default -> {
                double any;
                do any = Double.longBitsToDouble(random.nextLong()); while (!Double.isFinite(any));
                yield any;
            }
        };
    }

    static String text(RandomGenerator random) {
        var out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) out.appendCodePoint(switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/\u007f\u2028~$".charAt(random.nextInt(7));
            case 2 -> random.nextInt(0x80, 0x800);
            case 3 -> random.nextInt(0xe000, 0x10000);
            case 4 -> random.nextInt(0x10000, 0x110000);
            default -> random.nextInt(0x20, 0x7f);
        });
        return out.toString();
    }
}
