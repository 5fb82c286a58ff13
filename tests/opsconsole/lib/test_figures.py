"""Numbers as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.figures import change, counted, every, exact, number, parsed, per_cent, written


@pytest.mark.parametrize(
    ("value", "unit", "digits", "said"),
    [
        (99.9612, "%", 2, "99.96 %"),
        (99.9999, "%", 2, "99.99 %"),
        (100, "%", 2, "100 %"),
        (11.02, "min", 1, "11 min"),
        (2.44, "min", 1, "2.4 min"),
        (46, "min", 0, "46 min"),
        (0.32, "min", 1, "19 s"),
        (0, "min", 1, "0.0 min"),
        (372, "min", 0, "6 h 12 min"),
        (999, "bytes", 0, "999 bytes"),
        (12_345_000_000, "bytes", 0, "12.35 GB"),
        (-2_000_000, "B", None, "−2 MB"),
        (1e21, "bytes", 0, "1,000,000 PB"),
        (183.4, "ms", 0, "183 ms"),
        (12_345, "ms", 0, "12.3 s"),
        (24_310, "€", 0, "24,310 €"),
        (1, "incidents", 0, "1 incident"),
        (3, "incidents", 0, "3 incidents"),
        (1, "deliveries", 0, "1 delivery"),
        (1, "weaknesses", 0, "1 weakness"),
        (1, "boxes", 0, "1 box"),
        (1, "s", 0, "1 s"),
        (0.4, "", 1, "0.4"),
        (-0.2, "", 0, "0"),
        (-1234.5, "", 1, "−1,234.5"),
        (None, "ms", 0, "–"),
        (float("nan"), "%", 2, "–"),
        (0.06, "%", None, "0.06 %"),
        (0.21, "", None, "0.21"),
        (0.0012345, "", None, "0.00123"),
        (12.5, "", None, "12.5"),
        (12.5, "€", None, "12.50 €"),
        (12.0, "€", None, "12 €"),
        (12.345, "", None, "12.35"),
        (99.961, "%", None, "99.96 %"),
        (123.45, "", None, "123.5"),
        (999.96, "", None, "1,000"),
        (12_345.6, "orders", None, "12,346 orders"),
        (0, "%", None, "0 %"),
        (3e-11, "", None, "0.00000000003"),
        (float("inf"), "", None, "–"),
    ],
)
def test_it_writes_a_value_with_its_unit(value, unit, digits, said):
    assert str(written(value, unit, digits)) == said


@pytest.mark.parametrize(
    ("delta", "unit", "digits", "said"),
    [
        (2, "incidents", 0, "+2"),
        (-12.2, "min", 0, "−12 min"),
        (1_500_000, "bytes", 0, "+1.5 MB"),
        (-0.021, "%", 2, "−0.02"),
        (0.001, "%", 2, "same"),
        (0, "ms", 0, "same"),
        (None, "ms", 0, "–"),
        (0.0512, "%", None, "+0.0512"),
        (0.0, "%", None, "same"),
    ],
)
def test_it_writes_a_change_with_its_sign(delta, unit, digits, said):
    assert change(delta, unit, digits) == said


def test_it_counts_in_words():
    assert counted(1, "incident") == "1 incident"
    assert counted(1200, "delivery", "deliveries") == "1,200 deliveries"


@given(value=st.floats(-1e12, 1e12), digits=st.integers(0, 3))
def test_it_never_writes_a_negative_nothing(value, digits):
    assert not set(number(value, digits)) <= set("−0.,") or not number(value, digits).startswith("−")


@given(value=st.floats(0, 100, exclude_max=True), digits=st.integers(0, 3))
def test_it_never_rounds_up_to_a_hundred_per_cent(value, digits):
    assert not written(value, "%", digits).number.startswith("100")


@pytest.mark.parametrize(("value", "said"), [(99.9, "99.9 %"), (99, "99 %"), (99.95, "99.95 %"), (0, "0 %")])
def test_it_writes_a_target_with_the_digits_it_has(value, said):
    assert str(exact(value, "%", 2)) == said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12", 12),
        (" 4.6 % ", 4.6),
        ("97,5", 97.5),
        ("0,125", 0.125),
        ("-3,25 €", -3.25),
        ("−7", -7),
        ("12.", 12),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("12 345", 12_345),
        ("12’345.6", 12_345.6),
        ("1.234", 1.234),
    ],
)
def test_it_reads_what_people_write(text, meant):
    assert parsed(text) == meant


def test_it_asks_what_a_comma_means():
    with pytest.raises(ValueError, match="“1,234” may mean"):
        parsed("1,234")


@pytest.mark.parametrize("text", ["", "many", "nan", "inf", "1e300", "1_000", "1,23,4", "--1", "1,2.3"])
def test_it_refuses_what_is_no_number(text):
    with pytest.raises(ValueError, match="Write a number such as"):
        parsed(text)


@pytest.mark.parametrize(("number", "said"), [(2, "Both jobs"), (3, "All 3 jobs"), (1400, "All 1,400 jobs")])
def test_it_says_every(number, said):
    assert every(number, "job") == said


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [(0.999999, 2, "99.99 %"), (1.0, 2, "100 %"), (0.996, 0, "99 %"), (0.0, 2, "0.00 %"), (None, 2, "–")],
)
def test_it_writes_a_share_of_one(share, digits, said):
    assert per_cent(share, digits) == said
