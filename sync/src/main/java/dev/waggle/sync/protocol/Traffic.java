package dev.waggle.sync.protocol;

import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Verdict;

import java.util.List;

/// What went over one relation of a peer and a space, counted since this node started. Every received event is in one class (I14); a waiting or
/// held one may become accepted later, which the log counts.
///
/// @param sent    events sent, repeated ones included
/// @param rejectedThere events that the peer rejected
public record Traffic(long sent, long received, long accepted, long voided, long duplicate, long waiting, long held, long rejected, long pushedBack,
                      long rejectedThere, long heldThere) {
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public Traffic plus(Traffic more) {
        return new Traffic(sent + more.sent, received + more.received, accepted + more.accepted, voided + more.voided, duplicate + more.duplicate,
            waiting + more.waiting, held + more.held, rejected + more.rejected, pushedBack + more.pushedBack, rejectedThere + more.rejectedThere,
            heldThere + more.heldThere);
    }

    Traffic sentMore(int events) {
        return plus(new Traffic(events, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    Traffic answeredThere(Frame.Ack ack) {
        return plus(new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0, ack.rejected(), ack.held()));
    }

    static Traffic of(List<Admission> answers) {
        long accepted = 0, voided = 0, duplicate = 0, waiting = 0, held = 0, rejected = 0, pushedBack = 0;
        for (var answer : answers) {
            switch (answer) {
                case Admission.Accepted(var _, var _, var verdict) -> {
                    if (verdict == Verdict.VOID) voided++;
                    else accepted++;
                }
                case Admission.Duplicate _ -> duplicate++;
                case Admission.Waiting _ -> waiting++;
                case Admission.Held _ -> held++;
                case Admission.Rejected _ -> rejected++;
                case Admission.PushedBack _ -> pushedBack++;
            }
        }
        return new Traffic(0, answers.size(), accepted, voided, duplicate, waiting, held, rejected, pushedBack, 0, 0);
    }
}
