"""The words by which texts tie events together, by kind of link and by where the cause stands. Plain."""

from enum import StrEnum

RETALIATES_FOR, RESPONDS_TO = "retaliates_for", "responds_to"
CARRIES_OUT_THREAT, VIOLATES, PART_OF = "carries_out_threat", "violates", "part_of"


class Side(StrEnum):
    """Where the cause (or the whole) is told."""

    AFTER = "after"  # effect, cue, cause; or cue, cause, effect
    BEFORE = "before"  # cause, cue, effect
    EARLIER = "earlier"  # in a sentence before


# What the object of a cue may be called, with the PLOVER types of the events that are called so.
NOUNS = (
    (r"(?:truce|cease-?fire|armistice|pause)", ("AGREE", "CONCEDE", "RETREAT", "COOPERATE")),
    (r"(?:deal|agreement|accord|pact|treaty)", ("AGREE", "CONSULT", "COOPERATE")),
    (r"(?:threats?|warnings?|ultimatum|vows?)", ("THREATEN",)),
    (r"sanctions", ("SANCTION",)),
    (r"(?:seizure|arrests?)", ("COERCE",)),
    (
        r"(?:killings?|attacks?|strikes?|raids?|rockets?|missiles?|bombings?|assaults?)",
        ("ASSAULT",),
    ),
)
ACT = r"(?:strikes?|attacks?|raids?|rockets?|missiles?|killings?|bombings?|shelling|assaults?|operation)"
OWN = r"(?:its|his|her|their|the|a|an|that|this|earlier|previous|repeated|long-standing|\s)+"
THREAT = r"(?:threats?|warnings?|vows?|pledges?|promises?|ultimatums?|words?|deadlines?)"
TRUCE = (
    r"(?:truce|cease-?fire|agreement|accord|deal|pact|treaty|pause|armistice|resolution|sovereignty"
    r"|sanctions|embargo|ban|limits?|commitments?)"
)
PATTERNS: dict[tuple[str, Side], tuple[str, ...]] = {
    (RETALIATES_FOR, Side.AFTER): (
        r"in (?:\w+ )?(?:retaliation|retribution|revenge|reprisal|vengeance) (?:for|against|over|after)",
        r"(?:as|was|were|is|are|called it|in) (?:\w+ ){0,3}?"
        r"(?:retaliation|revenge|reprisals?|retribution|payback) (?:for|against|over)",
        r"(?:retaliat(?:ed|es|ing|e)|to retaliate) (?:for|against|over|after)",
        r"(?:to avenge|aveng(?:ed|es|ing|e))",
        r"(?:took|taking|take|takes|exact(?:ed|ing|s)?|seeking) (?:\w+ )?(?:revenge|vengeance) (?:for|over)",
        r"(?:hit|hits|hitting|struck|strikes?|striking|fired) back (?:for|over|after)",
        r"(?:paid|paying|pay) (?:\w+ )?back for",
    ),
    (RETALIATES_FOR, Side.BEFORE): (
        r"(?:which )?(?:drew|draws|drawing|prompt(?:ed|s|ing)|provok(?:ed|es|ing)|trigger(?:ed|s|ing)|brought"
        r"|invit(?:ed|es|ing)) (?:\w+ ){0,2}?(?:retaliat(?:ion|ory)|reprisals?|revenge)",
        r"(?:was|were|is|are|been) (?:avenged|retaliated for) (?:by|with)",
    ),
    (RETALIATES_FOR, Side.EARLIER): (
        r"retaliat(?:ed|es|ing)(?= (?:by|with|on|at|within|hours|days|the|two|three|overnight)\b|[,.;])",
        r"in (?:retaliation|revenge|retribution|reprisal)(?=[,.;]| by\b)",
        r"(?:hit|struck|strikes?|fired|firing) back(?= (?:by|with|at|on|within)\b|[,.;])",
    ),
    (RESPONDS_TO, Side.AFTER): (
        r"in (?:\w+ )?(?:response|answer|reply|reaction) (?:to|for)",
        r"(?:as|was|were|is|are|called it) (?:\w+'s |\w+ ){0,3}?(?:response|answer|reply|reaction) (?:to|for)",
        r"(?:respond(?:ed|s|ing)|repl(?:ied|ies|ying)|react(?:ed|s|ing)) to",
        r"in protest (?:at|against|over|of)",
        r"(?:was|were|been|is|are) (?:prompted|triggered|provoked|sparked|set off|caused) by",
        r"(?:prompted|triggered|provoked|sparked) by",
        r"citing",
        r"(?:over|for|because of) (?:its|his|her|their) (?:part|role|involvement) in",
    ),
    (RESPONDS_TO, Side.BEFORE): (
        r"(?:led|leads|leading)(?: \w+)? to",
        r"(?:prompt(?:ed|s|ing)|provok(?:ed|es|ing)|trigger(?:ed|s|ing)|spark(?:ed|s|ing))",
        r"(?:set off|setting off|touched off|gave rise to|brought on|drove)",
        r"(?:was|were) (?:answered|met|followed) (?:by|with)",
    ),
    (RESPONDS_TO, Side.EARLIER): (
        r"in (?:response|answer|reply|reaction)(?=[,.;]|$)",
        r"(?:respond(?:ed|s|ing)|repl(?:ied|ies|ying)|react(?:ed|s|ing))(?= (?:by|with|within|at once)\b)",
    ),
    (CARRIES_OUT_THREAT, Side.AFTER): (
        rf"(?:mak(?:e|es|ing)|made) good on {OWN}{THREAT}",
        rf"(?:carr(?:y|ies|ied|ying) out|act(?:ed|s|ing)? on|follow(?:ed|s|ing)? through on"
        rf"|deliver(?:ed|s|ing)? on|fulfil(?:l|led|ling|s)?|kept|keep(?:s|ing)?|honou?r(?:ed|ing)?)"
        rf" {OWN}{THREAT}",
        rf"(?:true|faithful) to {OWN}{THREAT}",
    ),
    (CARRIES_OUT_THREAT, Side.EARLIER): (
        r"as (?:it|he|she|they|the \w+|\w+) had (?:threatened|warned|vowed|announced|promised|pledged)",
        r"as (?:threatened|announced|warned)(?= (?:by|in|on|last|earlier|a)\b|[,.;])",
    ),
    (VIOLATES, Side.AFTER): (
        r"(?:in|a|an|as a|was a|called it a|the first) (?:\w+ ){0,2}?(?:violation|breach|defiance) of",
        rf"(?:violat(?:ed|es|ing)|breach(?:ed|es|ing)|brok(?:e|en)|breaking|break(?:s)?|flout(?:ed|ing|s)"
        rf"|ignor(?:ed|ing)|end(?:ed|ing)|shatter(?:ed|ing)) {OWN}(?:\w+ )?{TRUCE}",
        rf"(?:despite|in spite of|notwithstanding) {OWN}(?:\w+ ){{0,2}}?{TRUCE}",
        rf"the first (?:\w+ ){{0,3}}?since {OWN}(?:\w+ ){{0,2}}?{TRUCE}",
    ),
    (PART_OF, Side.AFTER): (
        r"as (?:a )?part of",
        r"(?:is|was|were|are|being|formed|forms|forming) (?:a )?part of",
        r"in the course of",
        r"within the framework of",
        r"(?:the latest|the last|another|one) in (?:a|the) (?:\w+ )?(?:series|string|wave|campaign) of",
    ),
}  # fmt: skip
