"""The builders build what they say."""

from tests.builders import NOW, answered, fixed_clock, record


def test_a_built_record_has_the_identity_asked_for():
    """Number and legislature are in the uid."""
    assert record(13983, legislature=16).uid == "QANR5L16QE13983"


def test_an_answered_record_keeps_its_question():
    """Only answer and closure change."""
    question = record()
    after = answered(question, "2026-11-17")
    assert after.question_texts == question.question_texts
    assert after.answer_text.jo.on.isoformat() == "2026-11-17"


def test_the_fixed_clock_stands_still():
    """It says the same instant each time."""
    clock = fixed_clock()
    assert clock() == clock() == NOW
