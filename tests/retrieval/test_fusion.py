from copilot.retrieval.fusion import Candidate, character_grams, explain, fuse, gram_coverage

WEIGHTS = {"en": {"sparse": 1.0, "dense": 0.5}, "de": {"sparse": 1.0, "dense": 0.5}}


def _candidate(name: str, language: str = "en", **raw: float) -> Candidate:
    return Candidate(name, language, dict(raw))


def test_fuse_does_not_depend_on_the_order_of_candidates() -> None:
    made = [_candidate(str(number), sparse=float(number % 5), dense=float(number % 3)) for number in range(12)]
    first = [item.id for item in fuse([_candidate(c.id, **c.raw) for c in made], WEIGHTS)]
    second = [item.id for item in fuse([_candidate(c.id, **c.raw) for c in made[::-1]], WEIGHTS)]
    assert first == second


def test_fuse_leg_that_is_silent_counts_as_its_lowest() -> None:
    found = [_candidate("a", sparse=1.0), _candidate("b", sparse=1.0, dense=0.9), _candidate("c", dense=0.4)]
    ranked = fuse(found, WEIGHTS)
    assert [item.id for item in ranked] == ["b", "a", "c"]
    assert ranked[1].added["dense"] == ranked[2].added["dense"]


def test_explain_gives_ranks_per_leg_to_what_is_shown() -> None:
    ranked = fuse([_candidate("a", sparse=3.0), _candidate("b", sparse=5.0), _candidate("c", sparse=1.0)], WEIGHTS)
    explain(ranked[:2], ranked)
    assert [item.legs["sparse"].rank for item in ranked[:2]] == [1, 2]
    assert [item.id for item in ranked] == ["b", "a", "c"] and not ranked[2].legs


def test_fuse_score_is_the_weighted_sum_whatever_else_was_found() -> None:
    alone = fuse([_candidate("a", sparse=2.0, dense=0.5)], WEIGHTS)[0].score
    crowd = [_candidate(f"c{number}", "de", sparse=float(number), dense=0.9) for number in range(9)]
    among = next(item for item in fuse([*crowd, _candidate("a", sparse=2.0, dense=0.5)], WEIGHTS) if item.id == "a")
    assert alone == among.score == 2.25


def test_fuse_identifier_asked_for_goes_before_all_else() -> None:
    named = _candidate("named", sparse=0.1)
    named.named = 1.0
    assert fuse([_candidate("a", sparse=9.0), named], WEIGHTS)[0] is named


def test_fuse_own_language_may_start_higher() -> None:
    weights = {"en": {"sparse": 1.0, "prior": 0.5}, "de": {"sparse": 1.0}}
    ranked = fuse([_candidate("a", sparse=1.0), _candidate("b", "de", sparse=1.2)], weights)
    assert [item.id for item in ranked] == ["a", "b"]


def test_gram_coverage_is_a_share_of_the_question() -> None:
    assert gram_coverage(character_grams("torque"), character_grams("the torque value")) == 1.0
    assert gram_coverage(character_grams("torque"), character_grams("xyz")) == 0.0
