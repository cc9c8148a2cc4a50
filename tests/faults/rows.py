"""All that must be borne, a row each: numbers are the design's, `T…` are what was seen to fail."""

ROWS = {
    "1": "The gateway dies before a body ended, after its object, after its event, before its "
    "answer: the phone's repeat is answered, and counts once.",
    "2": "A streams worker dies in the middle of an event: its state is restored, and no session "
    "differs.",
    "3": "A speech worker dies in the middle of a window: the window is worked on again and is "
    "counted once.",
    "4": "The sink dies before or after an insert: totals are equal.",
    "5": "The broker restarts, is away for half a minute, for two minutes: phones are told to come "
    "back, and all of it drains.",
    "6": "Streams workers become four and one again under load: nothing is lost or doubled.",
    "7": "The network loses 30 % of packets, is cut, is half-open, is slow: every wait ends.",
    "8": "A chunk comes twice: 200. Its number comes with other bytes: 409.",
    "9": "Chunks out of order, late, the last one first, or no end: the same result.",
    "10": "Audio that is damaged, cut off, of another type, a bomb, empty: a typed answer, and the "
    "worker lives.",
    "11": "The object store is away, is slow, has lost an object, gives wrong bytes: retried, then "
    "told; digests are checked at reading.",
    "12": "ClickHouse is away, hangs, refuses inserts: messages wait, nothing is lost.",
    "13": "A message that is no event: a dead letter with its reason; the next one goes on.",
    "14": "The disk of the broker, the object store or ClickHouse is full: a clear refusal, no 201 "
    "that is not true, and all is well when there is room.",
    "15": "A phone's clock is a day off, or a server's five minutes: order is by the timeline.",
    "16": "The accelerator runs out of memory or is lost: no good audio becomes a dead letter.",
    "17": "SIGTERM to each process under load: it ends with 0 within 30 s.",
    "18": "The models are slower than the talk: work waits, and its length is shown.",
    "19": "A token expires or its keys change in the middle of an upload: 401, and then on.",
    "20": "A session is erased while it is worked on: nothing of it appears later.",
    "21": "Workers of two versions run at once.",
    "22": "Every topic is replayed from its beginning: totals are as before.",
    "23": "An hour at twice the load, with random rows of this table.",
    "24": "A worker is paused for long, others take over, it goes on: its late writes are refused.",
    "25": "Topics of one session arrive in any order between each other: the same final state.",
    "26": "One person's input is what a stage cannot handle: it alone becomes a dead letter.",
    "27": "The local tables are lost: they are restored in a stated time, with progress shown.",
    "T1": "A phone's clock says 1970, 2150 or 9999.",
    "T2": "Late chunks to a session whose words were removed.",
    "T3": "Two people erase a session that both are in.",
    "T4": "A recording in which nobody speaks alone for long.",
    "T5": "An object is lost or damaged between two stages.",
    "T6": "A disk with 100,000 changelog records behind it is lost.",
    "T7": "60 MB of JSON lists without a token.",
    "T8": "Hundreds of half-sent request heads, and uploads at a byte a second.",
    "T9": "Hundreds of event streams of one user.",
    "T10": "Share pictures asked for again and again without a token.",
    "T11": "Sixty hints of how many people talked, in a row.",
    "T12": "A chunk over 5 MiB breaks off: no byte of it stays, also after an erasure.",
    "T13": "ClickHouse hangs while forty readers wait; the object store is away from the api.",
    "T14": "An event stream is open at SIGTERM, or ClickHouse dies under it.",
    "T15": "The broker freezes for longer than a session time-out while a consumer has a batch.",
    "T16": "The log loses data while streams is down: sessions without a start come first.",
    "T17": "An insert fails inside ClickHouse: too many parts.",
    "T18": "The broker is away for a minute: no part restarts, and logs stay readable.",
    "T19": "The disk of the object store is full: people, operators and probes are told.",
    "T20": "A server's clock goes back five minutes: totals are not stale.",
}
