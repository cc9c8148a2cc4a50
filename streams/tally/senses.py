"""Pure: whether a homograph is said in its Singlish sense, by its place in the clause and its neighbours."""

from collections.abc import Callable, Sequence

from schemas.lexicon import Sense

PARTICLES = frozenset("lah la lor leh lei meh hor ah sia liao mah ma what one anot bo eh".split())
PRONOUNS = frozenset(
    "i you we they he she it who that which this there people everyone anyone somebody nobody".split()
)
OWN = frozenset("my your his her our their".split())
DETERMINERS = OWN | set(
    "this that which the a an another each every first last next only any no some other".split()
)
QUALITIES = frozenset("new old big small red blue good better best right wrong same".split())
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight tmr weekend later".split()
)
FELLOWS = frozenset(
    "guy girl boy man fella fellow person people uncle auntie kid friend student recruit one".split()
)
OBJECTS = frozenset("me him her us them you people everybody everyone someone somebody".split())
TRIGGERS = frozenset(
    "kena got get always boss they he she sergeant they'll he'll she'll will later keep to always don't".split()
)
MODALS = frozenset("can cannot must should would could may might".split())
DEGREES = frozenset(
    "so very damn super quite sure confirm still always really too abit bit like such".split()
)
VOCATIVES = frozenset("bro brother bruh man boss sis uncle auntie dude girl boy guys pom".split())
NAMES_AFTER_AH = frozenset("beng lian huat kong pek soh gong hock seng".split())
ASKED = frozenset(
    "so or and for you know of about say then guess matter did do does is are was were tell see sorry".split()
)
ARTICLES = frozenset("a an the another this that these those which".split())
BEFORE_A_NUMBER = frozenset(
    "to at number of than or and for with in on from by twenty just".split()
)
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety hundred".split()
)
# What takes an object: the word after it is that object ("you bought what", "do you have one"), not a particle.
TAKES_WHAT = frozenset("said saying bought buy buying want wants eat eating ate doing mean means called need needs ordered selling drink "
                       "drinking watching saw as into about with over after on idea".split())  # fmt: skip
TAKES_ONE = frozenset("have has had need needs find found past see saw".split())
GIVES = frozenset("lend give gave get pass show send bring make save spare".split())
SUBJECTS = frozenset("i you he she we they".split())
ABSTRACT = frozenset("knowledge money information time this that there love unity".split())
SURPRISE = frozenset("wah walao wow".split())
CALLS = SURPRISE | set("eh oi hey oh aiyo aiyah alamak".split())
STRONG = frozenset("damn sibei bloody freaking".split())
LOOKING = frozenset("looking looked seem seems seemed also act don't".split())
OF_A_PERSON = frozenset(
    "more most get gets getting become became damn sibei feeling abit bit i you he she".split()
)
BEFORE_ME = frozenset("at of from with by".split())
TAGS = PARTICLES | {"okay", "ok", "right", "already", "bro"}
IS = frozenset("is isn't are aren't was wasn't be been".split())
BE = frozenset(
    "is are am was were be he's she's it's they're i'm you're that's look looks feel".split()
)


def _at(clause: Sequence[str], index: int) -> str:
    return clause[index] if 0 <= index < len(clause) else ""


def _begins(clause: Sequence[str], i: int) -> bool:
    return all(token in CALLS for token in clause[:i])


def _before_particle(clause: Sequence[str], i: int) -> bool:
    return _at(clause, i + 1) in PARTICLES


def _is_last(clause: Sequence[str], i: int) -> bool:
    return all(token in TAGS for token in clause[i + 1 :])


def answer(clause: Sequence[str], i: int) -> bool:
    """can, cannot: an answer or a verdict ("can lah", "like that also cannot"), never the auxiliary of a verb."""
    if _before_particle(clause, i):
        return True
    if _at(clause, i + 1) == "or" and _at(clause, i + 2) in {"not", "cannot"}:
        return True  # "can hold a minute or not" is the auxiliary of a verb still
    if _at(clause, i + 1) in {"already", "liao"} and all(
        token in TAGS for token in clause[i + 2 :]
    ):
        return True
    if _at(clause, i + 1) in VOCATIVES and i + 2 >= len(clause):
        return True
    if _at(clause, i - 1) in {"okay", "ok"} and i == 1 and _at(clause, i + 1) not in PRONOUNS:
        return True
    if _at(clause, i - 1) == "or" and clause[i] == "cannot":
        return True
    if (
        clause[i] == "cannot"
        and _begins(clause, i)
        and _at(clause, i + 1) in {"tahan", "make", "like", "right", "already", "liao"}
    ):
        return True  # a verdict; with a subject before it, it is the auxiliary
    if _at(clause, i + 1) in {"can", "cannot"} or _at(clause, i - 1) in {"can", "cannot"}:
        return True
    if _at(clause, i + 1) in {"but", "because"} and _at(clause, i - 1) not in PRONOUNS:
        return True  # "sleepover can but must come back"
    if clause[i] == "cannot" and list(clause[i + 1 :]) == ["right"]:
        return True
    return i == len(clause) - 1 and (
        _at(clause, i - 1) not in PRONOUNS or (i == 2 and clause[0] in TIMES)
    )


def clause_final(clause: Sequence[str], i: int) -> bool:
    """one, what: closing a clause as a particle ("so big one", "I told you what"), not "which one", "the one", "what?"."""
    if i == 0 or not _is_last(clause, i):
        return False
    return _asserts(clause, i) if clause[i] == "what" else _closes(clause, i)


def _asserts(clause: Sequence[str], i: int) -> bool:
    # "what" after what takes no object, or after a statement that is whole already: "it's your idea what", "you got eat what".
    before, earlier = clause[i - 1], _at(clause, i - 2)
    if (
        "what" in clause[:i]
        or before not in ASKED | TAKES_WHAT
        or (before == "idea" and earlier in OWN)
    ):
        return True
    return (before in TAKES_WHAT and earlier in {"got", "never", "already", "also"}) or (
        i >= 4 and before in {"you", "then", "so", "sorry"}
    )


def _closes(clause: Sequence[str], i: int) -> bool:
    # "one" after a quality or an act, not after what it would stand for: "the black one", "have one", "number one".
    before, earlier = clause[i - 1], _at(clause, i - 2)
    if before == "that" and earlier == "like":
        return True
    if before in QUALITIES:
        # "so big one", "is new one"; alone, or after an article, it is one of many
        return earlier in DEGREES | BE | {"not"} and _at(clause, i - 3) not in ARTICLES
    if before in NUMBERS:
        return earlier in {"at", "until", "till"}  # "opens at ten one"
    if (
        (earlier in ARTICLES and list(clause[i - 3 : i - 1]) != ["like", "that"])
        or before in TAKES_ONE
        or (earlier in GIVES and before in OBJECTS)
    ):
        return False
    return before not in DETERMINERS | BEFORE_A_NUMBER | IS  # "if there is one"


def verb(clause: Sequence[str], i: int) -> bool:
    """arrow: to be picked for a chore ("kena arrow", "arrow me"); a verb only in Singlish, so behind a modal it is that one."""
    if _at(clause, i - 1) not in DETERMINERS and _at(clause, i + 1) in OWN:
        return True
    return (
        _at(clause, i - 1) in TRIGGERS | MODALS
        or _at(clause, i + 1) in OBJECTS | {"again"}
        or _before_particle(clause, i)
    )


def praise(clause: Sequence[str], i: int) -> bool:
    """power, steady: an exclamation of approval ("power lah", "damn steady"), not a thing or an adverb."""
    if _before_particle(clause, i) or len(clause) == 1 or _at(clause, i + 1) in VOCATIVES:
        return True
    if (i == 1 and clause[0] in {"okay", "ok"}) or (
        clause[i] == "steady" and _at(clause, i - 1) in STRONG
    ):
        return True
    if (
        i == len(clause) - 1
        and clause[i] == "power"
        and any(t in {"this", "that"} and _begins(clause, n) for n, t in enumerate(clause[: i - 1]))
    ):
        return True  # "eh this chilli power"
    if i == len(clause) - 1 and (clause[0] in SURPRISE or _at(clause, i - 1) in SUBJECTS):
        return True
    if i == len(clause) - 1 and clause[i] == "power" and _at(clause, i - 1) in BE:
        return _at(clause, i - 2) not in ABSTRACT  # "the soup is power", but knowledge is
    return i == len(clause) - 1 and _at(clause, i - 1) in DEGREES


def state(clause: Sequence[str], i: int) -> bool:
    """blur: of a person ("so blur", "act blur", "blur like sotong"), not of a picture ("a blur")."""
    if _before_particle(clause, i) or _at(clause, i + 1) in {
        "like",
        "sotong",
        "king",
        "queen",
        "cock",
        "face",
        "look",
        "until",
        "already",
    }:
        return True
    if "blur" in {_at(clause, i - 1), _at(clause, i + 1)}:
        return True
    if _at(clause, i - 1) in OF_A_PERSON:
        return _at(clause, i + 1) not in DETERMINERS | {"it", "them"}
    if _at(clause, i + 1) in FELLOWS and _at(clause, i - 1) not in {"to", "can", "will"}:
        return True
    return _at(clause, i - 1) in DEGREES | BE | LOOKING or len(clause) == 1


def particle(clause: Sequence[str], i: int) -> bool:
    """ah, eh, huh, ma: at a clause's edge; "ma" only at its end; "ah" anywhere but in a name; "meh" anywhere but where it is "me"."""
    if clause[i] == "meh":
        return (
            _at(clause, i - 1) not in BEFORE_ME
        )  # a recogniser that was told to expect it writes "don't laugh at meh"
    if clause[i] == "ma":
        return i > 0 and _is_last(clause, i)
    if clause[i] == "ah":
        return _at(clause, i + 1) not in NAMES_AFTER_AH and _at(clause, i - 1) not in {
            "say",
            "says",
            "said",
        }
    if clause[i] == "eh" and _at(clause, i - 2) in DEGREES:
        return True  # "very nice eh this cake"
    return i == 0 or _is_last(clause, i) or _before_particle(clause, i)


RULES: dict[Sense, Callable[[Sequence[str], int], bool]] = {
    Sense.ANY: lambda clause, i: True,
    Sense.ANSWER: answer,
    Sense.CLAUSE_FINAL: clause_final,
    Sense.VERB: verb,
    Sense.PRAISE: praise,
    Sense.STATE: state,
    Sense.PARTICLE: particle,
}
