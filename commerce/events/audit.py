from commerce.kernel.audit import Invariant

INVARIANTS = [
    Invariant(
        "I32",
        "Every event reaches its subscribers: none was given up on",
        "SELECT subscriber, event_id, attempts, error FROM events_faileddelivery WHERE gave_up",
    ),
]
