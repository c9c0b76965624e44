from copilot.retrieval.fusion import Candidate, character_grams, fuse, gram_coverage
from copilot.types import Chunk, ElementKind

WEIGHTS = {"en": {"sparse": 1.0, "dense": 0.5}, "de": {"sparse": 1.0, "dense": 0.5}}


def _candidate(name: str, language: str = "en", **raw: float) -> Candidate:
    chunk = Chunk(name, "d", "s", 0, name, name, (), (), language, ElementKind.TEXT)
    return Candidate(chunk, dict(raw))


def test_fuse_does_not_depend_on_the_order_of_candidates() -> None:
    made = [_candidate(str(number), sparse=float(number % 5), dense=float(number % 3)) for number in range(12)]
    first = [item.chunk.id for item in fuse([_candidate(c.chunk.id, **c.raw) for c in made], WEIGHTS)]
    second = [item.chunk.id for item in fuse([_candidate(c.chunk.id, **c.raw) for c in made[::-1]], WEIGHTS)]
    assert first == second


def test_fuse_leg_that_is_silent_counts_as_its_lowest() -> None:
    ranked = fuse([_candidate("a", sparse=1.0), _candidate("b", sparse=1.0, dense=0.9)], WEIGHTS)
    assert ranked[-1].chunk.id in {"a", "b"} and "dense" not in next(c for c in ranked if c.chunk.id == "a").legs


def test_fuse_explains_ranks_per_leg() -> None:
    ranked = fuse([_candidate("a", sparse=3.0), _candidate("b", sparse=5.0), _candidate("c", sparse=1.0)], WEIGHTS)
    assert [item.legs["sparse"].rank for item in ranked] == [1, 2, 3]
    assert [item.chunk.id for item in ranked] == ["b", "a", "c"]


def test_fuse_scales_each_language_apart_where_it_has_enough() -> None:
    german = [_candidate(f"de{number}", "de", sparse=100.0 + number) for number in range(8)]
    english = [_candidate(f"en{number}", "en", sparse=float(number)) for number in range(8)]
    ranked = fuse(german + english, WEIGHTS)
    assert {item.chunk.id for item in ranked[:2]} == {"de7", "en7"}


def test_gram_coverage_is_a_share_of_the_question() -> None:
    assert gram_coverage(character_grams("torque"), character_grams("the torque value")) == 1.0
    assert gram_coverage(character_grams("torque"), character_grams("xyz")) == 0.0
